"""The page on watching and its alert rules say what the code does."""

import re
from pathlib import Path

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from motcua.agencies.limits import RATES
from motcua.config import metrics

_FOLDER = Path(__file__).parents[2] / "docs" / "operator"
_PAGE = (_FOLDER / "watch.md").read_text(encoding="utf-8")
_RULES = [
    rule
    for group in yaml.safe_load((_FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
_HISTOGRAMS = {"motcua_request_seconds", "motcua_request_statements"}


def test_the_allowances_on_the_page_are_those_of_the_code() -> None:
    shown = re.findall(r"^\| [^|]+ \| (\d+) in (\d+) s \| (?:address|member of staff) \|$", _PAGE, re.MULTILINE)
    assert [(int(limit), int(per)) for limit, per in shown] == [
        (rate.limit, rate.per_seconds) for rate in RATES.values()
    ]


def test_the_page_names_every_metric() -> None:
    named = set(re.findall(r"`(motcua_\w+)`", _PAGE))
    assert named == _HISTOGRAMS | {gauge.name for gauge in metrics.registered()}


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule["alert"])
def test_an_alert_rule_can_be_read_by_prometheus(rule) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    promql_parser.parse(rule["expr"])
    promql_parser.parse_duration(rule.get("for", "1m"))
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")


@pytest.mark.django_db
def test_alert_rules_ask_for_metrics_and_labels_that_exist() -> None:
    metrics.REQUESTS.labels("/", "GET", "200").observe(0.1)
    metrics.STATEMENTS.labels("/").observe(1)
    known: dict[str, set[str]] = {"up": {"job"}}
    for family in text_string_to_metric_families(metrics.exposition().decode()):
        for sample in family.samples:
            known.setdefault(sample.name, set()).update(sample.labels)
    for gauge in metrics.registered():
        known.setdefault(gauge.name, set()).update(gauge.labels)
    for rule in _RULES:
        for name, labels in re.findall(r"\b(up|motcua_\w+)(?:\{([^}]*)\})?", rule["expr"]):
            assert set(re.findall(r"(\w+)(?:=~|=|!=)", labels)) <= known[name], rule["alert"]
