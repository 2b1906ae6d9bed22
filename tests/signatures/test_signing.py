"""Papers are signed with the own certificate or the agency's seal, and kept exactly as the file that was signed."""

import io
from uuid import UUID

import pytest

from motcua.agencies.access import NotPermitted, Role, for_system
from motcua.dossiers import commands as dossiers
from motcua.dossiers import erasing, queries
from motcua.dossiers.worker import catch_up
from motcua.files.commands import store_upload
from motcua.files.models import File
from motcua.files.queries import FileErased, open_for
from motcua.law.dossier.vocabulary import Ref, SignedBy
from motcua.papers.kinds import Kind
from motcua.papers.queries import NoSuchPaper
from motcua.papers.render import one_copy, typeset
from motcua.signatures import checking, commands
from motcua.signatures.commands import BadIdentity, CannotSign, SignatureRefused
from motcua.signatures.models import Identity, SignedPaper
from motcua.signatures.queries import all_identities, kept_file, own_identities, signers_of
from motcua.signatures.reports import Fault
from motcua.signatures.sources import KeyUnusable
from support.signatures import AGENCY, PERSON, fingerprint, lay, plain_pdf, signed_pdf
from support.world import OTHER_WARD, POLICE, RESIDENCE, WARD, World


def url(token: str) -> str:
    return f"https://motcua.example.vn/t/{token}"


@pytest.fixture
def leader(world: World, signing_keys):
    """The ward's leader, who signs with a file, in an agency that has a seal."""
    reader = world.reader(Role.LEADER)
    commands.add_identity(WARD, "pkcs12:person", username="w1.leader")
    commands.add_identity(WARD, "pkcs12:seal")
    return reader


def sign(reader, dossier: UUID, by: SignedBy = SignedBy.PERSON, kind: Kind = Kind.RECEIPT, **more):
    more.setdefault("command_id", dossiers.new_id())
    return commands.sign_paper(reader, dossier, kind, by, url, **more)


def content_of(world: World, reader, file_id: UUID, pair: tuple[str, str] = (WARD, WARD)) -> bytes:
    receiving, competent = (world.agencies[code] for code in pair)
    opened = open_for(reader, file_id, receiving_agency_id=receiving, competent_agency_id=competent, purpose="test")
    return b"".join(opened.chunks)


def test_a_signed_paper_is_kept_as_the_file_that_was_signed(world, leader, keyring):
    dossier = world.receive().dossier_id
    sign(leader, dossier)
    row = SignedPaper.objects.get()
    content = content_of(world, leader, row.file_id)
    assert checking.check(content).holds
    assert (row.kind, row.ordinal, row.by, row.level) == ("receipt", 1, "person", "B-B")
    assert row.fingerprint == fingerprint(keyring.person)
    (event,) = [each for each in queries.story(leader, dossier) if each.type == "signed"]
    assert (event.data["document"]["id"], event.data["by"]) == (str(row.file_id), "person")
    found = kept_file(content)
    assert (found.kind, found.ordinal) == (Kind.RECEIPT, 1)
    assert kept_file(content + b"\n") is None


def test_what_is_signed_begins_with_the_paper_as_it_was_issued(world, leader):
    from motcua.papers import issued

    dossier = world.receive().dossier_id
    sign(leader, dossier)
    paper = issued.one(leader, dossier, Kind.RECEIPT, 1).paper
    content = content_of(world, leader, SignedPaper.objects.get().file_id)
    assert content.startswith(typeset(one_copy(paper)))
    assert not content.startswith(typeset(paper))  # which has the desk's copy besides


def test_the_seal_goes_onto_the_file_that_bears_the_persons_signature(world, leader, keyring):
    dossier = world.receive().dossier_id
    sign(leader, dossier)
    sign(world.reader(Role.DESK_OFFICER), dossier, SignedBy.SEAL)
    first, second = SignedPaper.objects.order_by("recorded_at")
    report = checking.check(content_of(world, leader, second.file_id))
    assert [each.fingerprint for each in report.signatures] == [fingerprint(keyring.person), fingerprint(keyring.seal)]
    assert report.holds
    assert first.file_id != second.file_id
    assert [by for by, _name, _at in signers_of(dossier, Kind.RECEIPT, 1)] == [SignedBy.PERSON, SignedBy.SEAL]


def test_pressing_twice_signs_once(world, leader):
    dossier, command_id = world.receive().dossier_id, dossiers.new_id()
    first = sign(leader, dossier, command_id=command_id)
    again = sign(leader, dossier, command_id=command_id)
    assert (again.repeated, again.seq) == (True, first.seq)
    assert SignedPaper.objects.count() == File.objects.count() == 1


def test_the_same_certificate_does_not_sign_a_paper_twice(world, leader):
    dossier = world.receive().dossier_id
    sign(leader, dossier)
    with pytest.raises(CannotSign, match="đã ký bằng chứng thư đó rồi"):
        sign(leader, dossier)


def test_a_refusal_is_signed_though_it_ended_the_dossier(world, leader):
    new = dossiers.NewDossier("1.004873", world_applicant())
    desk = world.reader(Role.DESK_OFFICER)
    dossier = dossiers.register(desk, new, command_id=dossiers.new_id(), refusal="Không thuộc thẩm quyền").dossier_id
    sign(leader, dossier, kind=Kind.REFUSAL)
    sign(desk, dossier, SignedBy.SEAL, Kind.REFUSAL)
    assert SignedPaper.objects.count() == 2


def world_applicant():
    from support.world import APPLICANT

    return APPLICANT


@pytest.mark.parametrize(
    ("role", "agency", "by", "words"),
    [
        (Role.CASE_OFFICER, WARD, SignedBy.PERSON, "chưa có chứng thư"),
        (Role.CASE_OFFICER, WARD, SignedBy.SEAL, "không đóng dấu"),
        (Role.LEADER, OTHER_WARD, SignedBy.SEAL, "không đóng dấu"),
    ],
)
def test_nobody_signs_with_what_is_not_theirs(world, leader, role, agency, by, words):
    dossier = world.receive().dossier_id
    with pytest.raises(CannotSign, match=words):
        sign(world.reader(role, agency), dossier, by)
    assert not SignedPaper.objects.exists()


def test_who_may_not_have_the_paper_may_not_sign_it(world, leader, signing_keys, keyring):
    lay(signing_keys, "police", keyring.authority.person("Người khác", AGENCY))
    reader = world.reader(Role.DESK_OFFICER, POLICE)
    commands.add_identity(POLICE, "pkcs12:police", username="ca.desk_officer")
    dossier = world.receive(RESIDENCE).dossier_id
    with pytest.raises(NotPermitted):
        sign(reader, dossier)
    assert not File.objects.exists()


def test_a_paper_that_the_dossier_has_not_come_to_is_not_signed(world, leader):
    with pytest.raises(NoSuchPaper):
        sign(leader, world.receive().dossier_id, kind=Kind.APOLOGY)


def test_erasing_the_dossier_takes_the_signed_file_with_it(world, leader):
    from motcua.law.dossier.vocabulary import ReturnMethod

    dossier = world.receive().dossier_id
    sign(leader, dossier)
    world.finish(dossier)
    desk = world.reader(Role.DESK_OFFICER)
    dossiers.return_result(desk, dossier, ReturnMethod.DESK, command_id=dossiers.new_id())
    erasing.erase_dossier(for_system("test"), dossier, "12/QĐ-UBND", early=True)
    catch_up()
    with pytest.raises(FileErased):
        content_of(world, leader, SignedPaper.objects.get().file_id)


# -- identities -------------------------------------------------------------------------------------------------------


def test_a_page_offers_what_may_sign(world, leader):
    from django.utils import timezone

    from motcua.signatures.queries import offered_identities

    now = timezone.now()
    for role in (Role.LEADER, Role.DESK_OFFICER, Role.CASE_OFFICER):
        for agency in (WARD, OTHER_WARD):
            reader = world.reader(role, agency)
            assert offered_identities(reader, now) == own_identities(reader, now)
    assert offered_identities(leader, now + timezone.timedelta(days=5000)) == ()


def test_an_identity_is_used_on_its_days_until_it_is_ended(world, leader, keyring):
    from django.utils import timezone

    now = timezone.now()
    assert [each.by for each in own_identities(leader, now)] == [SignedBy.PERSON, SignedBy.SEAL]
    assert [each.by for each in own_identities(world.reader(Role.DESK_OFFICER), now)] == [SignedBy.SEAL]
    assert own_identities(leader, now + timezone.timedelta(days=5000)) == ()
    assert commands.end_identity(fingerprint(keyring.person)[:12].upper()) == 1
    assert [each.by for each in own_identities(leader, now)] == [SignedBy.SEAL]
    assert commands.end_identity(fingerprint(keyring.person)) == 0
    commands.add_identity(WARD, "pkcs12:person", username="w1.leader")
    assert len(all_identities()) == 3


@pytest.mark.parametrize("roles", [(), ("case_officer",)])
def test_who_uses_the_seal_is_the_units_to_say(world, leader, settings, roles):
    from django.utils import timezone

    settings.MOTCUA_SEAL_ROLES = roles
    assert [each.by for each in own_identities(leader, timezone.now())] == [SignedBy.PERSON]
    officer = own_identities(world.reader(Role.CASE_OFFICER), timezone.now())
    assert [each.by for each in officer] == [SignedBy.SEAL] * len(roles)


@pytest.mark.parametrize(
    ("name", "username", "words"),
    [("person", "", "đã được ghi"), ("other", "nobody", "Không có tài khoản nobody"), ("old", "", "đã hết hạn")],
)
def test_an_identity_that_cannot_sign_is_not_entered(world, leader, signing_keys, keyring, name, username, words):
    lay(signing_keys, "other", keyring.authority.person("Người khác", AGENCY))
    lay(signing_keys, "old", keyring.expired)
    with pytest.raises(BadIdentity, match=words):
        commands.add_identity(WARD, f"pkcs12:{name}", username=username)
    assert Identity.objects.count() == 2


def test_a_short_beginning_of_a_fingerprint_ends_nothing(world, leader, keyring):
    with pytest.raises(BadIdentity):
        commands.end_identity(fingerprint(keyring.person)[:7])


def test_a_key_that_was_exchanged_signs_nothing(world, leader, signing_keys, keyring):
    dossier = world.receive().dossier_id
    lay(signing_keys, "person", keyring.unknown)
    with pytest.raises(CannotSign, match="không thuộc chứng thư đã ghi"):
        sign(leader, dossier)
    (signing_keys / "person.p12").chmod(0o644)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        sign(leader, dossier)
    assert not SignedPaper.objects.exists()


# -- signed elsewhere -------------------------------------------------------------------------------------------------


def keep(world: World, reader, content: bytes, by: SignedBy = SignedBy.PERSON):
    dossier = world.receive().dossier_id
    file = store_upload(io.BytesIO(content), "ky.pdf", "application/pdf")
    pair = (world.agencies[WARD], world.agencies[WARD])
    document = Ref(str(file.id), file.commitment)
    return commands.keep_signed(reader, dossier, document, by, pair=pair, code="H99", command_id=dossiers.new_id())


def test_a_document_that_was_signed_elsewhere_is_checked_and_kept(world, signing_keys, keyring):
    content = signed_pdf(keyring.person)
    keep(world, world.reader(Role.CASE_OFFICER), content)
    row = SignedPaper.objects.get()
    assert (row.kind, row.ordinal, row.signer) == ("", None, f"{PERSON} (THỬ NGHIỆM)")
    assert kept_file(content).kind is None


REFUSED = {
    Fault.EXPIRED: lambda keys: signed_pdf(keys.expired),
    Fault.UNKNOWN: lambda keys: signed_pdf(keys.unknown),
    Fault.UNSIGNED: lambda _keys: plain_pdf(),
    Fault.CHANGED: lambda keys: signed_pdf(keys.person).replace(b"/MediaBox", b"/MediaBoy", 1),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_does_not_hold_is_refused_and_nothing_is_written(world, signing_keys, keyring, fault):
    with pytest.raises(SignatureRefused) as refused:
        keep(world, world.reader(Role.CASE_OFFICER), REFUSED[fault](keyring))
    assert refused.value.report.fault is fault
    assert "Hãy" in refused.value.message
    assert not SignedPaper.objects.exists()


def test_a_paper_with_both_signatures_still_is_one_for_the_archive(world, leader, tmp_path):
    from support import verapdf

    dossier = world.receive().dossier_id
    sign(leader, dossier)
    sign(world.reader(Role.DESK_OFFICER), dossier, SignedBy.SEAL)
    file = SignedPaper.objects.latest("recorded_at").file_id
    (tmp_path / "signed.pdf").write_bytes(content_of(world, leader, file))
    assert verapdf.broken("2b", [tmp_path / "signed.pdf"]) == {"signed.pdf": []}
