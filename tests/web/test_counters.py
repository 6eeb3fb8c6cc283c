"""The counters, as Prometheus reads them."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from gradwalk.web.services.counters import Metrics
from tests.factories import ENVIRONMENT


def samples(metrics: Metrics) -> dict[str, float]:
    """Every sample by its name with its labels: `gradwalk_runs_total{outcome=failed}`."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {s.name + "".join(f"{{{k}={v}}}" for k, v in s.labels.items()): s.value for f in families for s in f.samples}


def test_runs_are_counted_by_outcome_and_timed() -> None:
    metrics = Metrics()
    metrics.count_run("completed", queued_ms=4, run_ms=300, total_ms=310)
    metrics.count_run("completed", queued_ms=0, run_ms=3, total_ms=8)
    metrics.count_run("failed", queued_ms=0, run_ms=3, total_ms=8)
    found = samples(metrics)
    assert found["gradwalk_runs_total{outcome=completed}"] == 2
    assert found["gradwalk_runs_total{outcome=failed}"] == 1
    assert found["gradwalk_runs_total{outcome=timed_out}"] == 0
    assert found["gradwalk_run_seconds_count{part=running}"] == 3
    assert found["gradwalk_run_seconds_sum{part=running}"] == 0.306
    assert found["gradwalk_run_seconds_bucket{le=0.005}{part=queued}"] == 3


def test_what_did_not_become_a_run() -> None:
    metrics = Metrics()
    metrics.count_refusal("busy")
    metrics.count_refusal("busy")
    metrics.count_cancellation()
    found = samples(metrics)
    assert found["gradwalk_refusals_total{code=busy}"] == 2
    assert found["gradwalk_runs_cancelled_total"] == 1


def test_how_it_is_now() -> None:
    metrics = Metrics()
    metrics.set_load(queued=3, running=2, spares=1)
    metrics.set_holdings(snapshots=12, size=4096)
    metrics.set_environment(ENVIRONMENT)
    found = samples(metrics)
    assert found["gradwalk_queue_length"] == 3
    assert found["gradwalk_runs_running"] == 2
    assert found["gradwalk_spares"] == 1
    assert found["gradwalk_store_snapshots"] == 12
    assert found["gradwalk_store_bytes"] == 4096
    assert found["process_resident_memory_bytes"] > 0
    assert any(name.startswith("gradwalk_info{") and value == 1 for name, value in found.items())


def test_two_servers_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.count_cancellation()
    assert samples(second)["gradwalk_runs_cancelled_total"] == 0


def test_the_guide_for_operators_names_every_metric() -> None:
    guide = Path("docs/operations.md").read_text("utf-8")
    families = text_string_to_metric_families(Metrics().text().decode())
    names = {family.name for family in families if family.name.startswith("gradwalk")}
    names = {name for name in names if not name.endswith("_created")}
    assert names
    assert [name for name in names if name not in guide] == []
