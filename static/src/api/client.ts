/** The REST calls of the page. Every method rejects with an ApiError, or with an AbortError when `signal` is aborted. */

import type {
  AnyExplanation,
  Check,
  CheckRequest,
  Explanation,
  Finding,
  Given,
  GlossaryWord,
  Graph,
  Iteration,
  Lesson,
  LessonSummary,
  Observations,
  Problem,
  ProgramBuilt,
  QuestionList,
  RunAnswer,
  RunProgress,
  RunSetting,
  SnapshotHead,
  Tensor,
  Verdict,
} from '../core/contract'
import { iterationNumber } from '../core/iteration-names'
import { bytesOf } from './bytes'
import { ApiError, DamagedAnswer, isAbort, NetworkError, Refused } from './errors'
import type { StreamEvent } from './event-stream'
import { parseJson } from './json'
import { soundHead, soundIteration } from './sound'

const RUN = 'this run'
/** Snapshots whose graphs are kept. */
const KEPT = 4

type Fetcher = (url: string, init?: RequestInit) => Promise<Response>

export class Client {
  /** The graphs of the latest snapshots: an iteration must fit them. */
  private readonly graphs = new Map<string, readonly Graph[]>()

  constructor(
    private readonly base = '/api/v1',
    private readonly fetcher: Fetcher = (url, init) => window.fetch(url, init),
  ) {}

  /**
   * Runs a program and stores its snapshot. A program that fails is a good answer: its outcome says so.
   * `tell` is called with the progress of the run. Aborting stops the program.
   */
  async run(
    source: string,
    tell: (progress: RunProgress) => void,
    signal?: AbortSignal,
    { seed = 0, overrides = [] }: Partial<RunSetting> = {},
  ): Promise<RunAnswer> {
    const body = JSON.stringify({ source, seed, overrides })
    const headers = { 'Content-Type': 'application/json', Accept: 'text/event-stream' }
    const response = await this.send('/runs', { method: 'POST', headers, body, ...(signal && { signal }) })
    if (!response.ok || response.body === null) throw refusal(response, await this.read(response, RUN, signal), RUN)
    try {
      // the reader of event streams is loaded with the first run
      const { readEvents } = await import('./event-stream')
      return await follow(readEvents(response.body), tell)
    } catch (error) {
      throw error instanceof TypeError ? new NetworkError() : error
    }
  }

  /** The program of a network that was chosen by hand. Rejects with Refused, whose problem names the fields that do not fit. */
  build(spec: unknown, signal?: AbortSignal): Promise<ProgramBuilt> {
    const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(spec) }
    return this.call('/programs', 'this network', init, signal)
  }

  /** Return a snapshot as far as it is sound: sound.ts names what is missing. Rejects with NewerSnapshot for an unknown version. */
  async snapshot(id: string, signal?: AbortSignal): Promise<SnapshotHead> {
    const path = `/snapshots/${encodeURIComponent(id)}`
    const head = soundHead(await this.call<unknown>(path, 'this snapshot', {}, signal))
    this.graphs.delete(id)
    this.graphs.set(id, head.graphs)
    for (const known of [...this.graphs.keys()].slice(0, -KEPT)) this.graphs.delete(known)
    return head
  }

  /** `k`: the iteration's index, from 0. */
  async iteration(id: string, k: number, signal?: AbortSignal): Promise<Iteration> {
    const path = `/snapshots/${encodeURIComponent(id)}/iterations/${k}`
    const body = await this.call<unknown>(path, iterationNumber(k), {}, signal)
    return soundIteration(body, k, this.graphs.get(id) ?? null)
  }

  /** Fetch what is remarkable in iteration `k`, from 0. */
  async observations(id: string, k: number, signal?: AbortSignal): Promise<Observations> {
    const path = `/snapshots/${encodeURIComponent(id)}/iterations/${k}/observations`
    const answer = await this.call<Partial<Observations>>(path, 'the observations', {}, signal)
    const { non_finite, no_gradient, stale_gradients } = answer
    if (![non_finite, no_gradient, stale_gradients].every(Array.isArray)) throw new DamagedAnswer('the observations')
    return answer as Observations
  }

  /** One whole tensor, with the numbers that were too many to stand inside the iteration. */
  tensor(id: string, tensor: string, signal?: AbortSignal): Promise<Tensor> {
    return this.call(`/snapshots/${encodeURIComponent(id)}/tensors/${tensor}`, 'this tensor', {}, signal)
  }

  /** Return the explanation of a number. `path`: below the explanations of iteration `k`, from 0. */
  explanation(id: string, k: number, path: string, signal?: AbortSignal): Promise<AnyExplanation> {
    const address = `/snapshots/${encodeURIComponent(id)}/iterations/${k}/explanations/${path}`
    return this.call(address, 'this explanation', {}, signal)
  }

  /** Return the measured explanation of an edge: the program runs again. `path`: of its measurements, below the explanations. */
  measurement(id: string, k: number, path: string, signal?: AbortSignal): Promise<Explanation> {
    const address = `/snapshots/${encodeURIComponent(id)}/iterations/${k}/explanations/${path}`
    return this.call(address, 'this measurement', { method: 'POST' }, signal)
  }

  /** Return the findings about a program, the worst first. */
  async findings(id: string, signal?: AbortSignal): Promise<Finding[]> {
    const path = `/snapshots/${encodeURIComponent(id)}/findings`
    const answer = await this.call<{ findings?: Finding[] }>(path, 'the findings', {}, signal)
    if (!Array.isArray(answer.findings)) throw new DamagedAnswer('the findings')
    return answer.findings
  }

  /** Return the questions about iteration `k`, from 0, without their answers. */
  questions(id: string, seed: number, k: number, signal?: AbortSignal): Promise<QuestionList> {
    const path = `/snapshots/${encodeURIComponent(id)}/questions?seed=${seed}&iteration=${k}`
    return this.call(path, 'the questions', {}, signal)
  }

  /** Return the verdict on an answer, with its reason. */
  judge(id: string, question: string, answer: Given, signal?: AbortSignal): Promise<Verdict> {
    const headers = { 'Content-Type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify({ question, answer }) }
    return this.call(`/snapshots/${encodeURIComponent(id)}/answers`, 'this answer', init, signal)
  }

  /** Has the program run again with one number moved a little, and compares its gradient with what the losses then tell. */
  async check(id: string, asked: CheckRequest, signal?: AbortSignal): Promise<Check> {
    const headers = { 'Content-Type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(asked) }
    return this.call(`/snapshots/${encodeURIComponent(id)}/checks`, 'this check', init, signal)
  }

  async lessons(signal?: AbortSignal): Promise<LessonSummary[]> {
    const answer = await this.call<{ lessons: LessonSummary[] }>('/lessons', 'the lessons', {}, signal)
    return answer.lessons
  }

  lesson(slug: string, signal?: AbortSignal): Promise<Lesson> {
    return this.call(`/lessons/${encodeURIComponent(slug)}`, 'this lesson', {}, signal)
  }

  async glossary(signal?: AbortSignal): Promise<GlossaryWord[]> {
    const answer = await this.call<{ words: GlossaryWord[] }>('/glossary', 'the glossary', {}, signal)
    return answer.words
  }

  private async call<T>(path: string, what: string, init: RequestInit, signal?: AbortSignal): Promise<T> {
    const response = await this.send(path, { ...init, ...(signal && { signal }) })
    const body = await this.read(response, what, signal)
    if (!response.ok) throw refusal(response, body, what)
    return body as T
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.fetcher(this.base + path, init)
    } catch (error) {
      throw isAbort(error) ? error : new NetworkError()
    }
  }

  private async read(response: Response, what: string, signal?: AbortSignal): Promise<unknown> {
    try {
      return await parseJson(await bytesOf(response, what), signal)
    } catch (error) {
      if (isAbort(error) || error instanceof ApiError) throw error
      throw error instanceof TypeError ? new NetworkError() : new DamagedAnswer(what)
    }
  }
}

/** The end of a run's events. Rejects with Refused, or with DamagedAnswer when there is no end. */
async function follow(events: AsyncIterable<StreamEvent>, tell: (progress: RunProgress) => void): Promise<RunAnswer> {
  for await (const { name, data } of events) {
    const body = parsed(data)
    if (name === 'done') return body as RunAnswer
    if (name === 'problem') throw isProblem(body) ? new Refused(body, null) : new DamagedAnswer(RUN)
    if (name === 'queued' || name === 'started' || name === 'iteration')
      tell({ what: name, ...(body as object) } as RunProgress)
  }
  throw new DamagedAnswer(RUN)
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    throw new DamagedAnswer(RUN)
  }
}

function refusal(response: Response, body: unknown, what: string): Error {
  if (!isProblem(body)) return new DamagedAnswer(what)
  const seconds = Number(response.headers.get('Retry-After'))
  return new Refused(body, seconds > 0 ? seconds : null)
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
}
