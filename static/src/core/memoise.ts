/** Memoisation of a pure function. */

/** Return a function that gives its last result again while it is called with the same arguments. */
export function memoiseLast<A extends readonly unknown[], R>(make: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | null = null
  return (...args) => {
    const before = last
    if (before !== null && args.length === before.args.length && args.every((arg, i) => Object.is(arg, before.args[i])))
      return before.result
    const result = make(...args)
    last = { args, result }
    return result
  }
}
