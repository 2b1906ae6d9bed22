"""The second factor: bound to roles, set before anything opens, its secrets sealed and its codes limited."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import get_resolver, reverse
from django.utils import timezone

from motcua.agencies import changes, commands, elevations, second_factor
from motcua.agencies.access import Role
from motcua.agencies.models import Agency
from motcua.agencies.roles import Role as AllRoles
from motcua.agencies.session_store import SessionStore
from motcua.config.env import DECLARED
from support.signing_in import session_of
from support.world import PASSWORD, SECRET, make_world

pytestmark = pytest.mark.django_db
OPEN = {"oidc", "oidc_done"}  # these two are the way in itself
FILLED = {"uuid": "01890000-0000-7000-8000-000000000000", "str": "1.004873", "int": "1"}


def office_addresses():
    from motcua.office.urls import urlpatterns

    for pattern in urlpatterns:
        if pattern.name in OPEN:
            continue
        values = {
            name: FILLED[next(key for key in FILLED if type(converter).__name__.lower().startswith(key[:3]))]
            for name, converter in pattern.pattern.converters.items()
        }
        yield reverse(f"office:{pattern.name}", kwargs=values)


def code():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


@pytest.fixture
def world():
    return make_world()


def bare(world, role):
    """The account of a role without its second factor."""
    user = world.user(role)
    Authenticator.objects.filter(user=user).delete()
    return user


def test_the_setting_knows_exactly_the_roles():
    assert DECLARED["MOTCUA_SECOND_FACTOR_ROLES"].reader("x", ",".join(AllRoles)) == tuple(AllRoles)
    assert DECLARED["MOTCUA_SECOND_FACTOR_ROLES"].reader("x", "none") == ()
    with pytest.raises(Exception, match="some of"):
        DECLARED["MOTCUA_SECOND_FACTOR_ROLES"].reader("x", "boss")


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMINISTRATOR])
def test_who_must_have_one_opens_no_page_of_the_office_before(client, world, role):
    client.force_login(bare(world, role))
    addresses = list(office_addresses())
    assert len(addresses) >= 17
    for address in addresses:
        for ask in (client.get, client.post):
            answer = ask(address)
            assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_index")), address
    assert "bắt buộc có lớp xác thực thứ hai" in client.get(reverse("mfa_index")).content.decode()


@pytest.mark.parametrize(
    ("role", "forced", "status"),
    [
        (Role.DESK_OFFICER, ("administrator", "leader"), 200),
        (Role.DESK_OFFICER, ("desk_officer",), 302),
        (Role.LEADER, (), 200),
    ],
)
def test_the_roles_are_the_operators_choice(client, world, settings, role, forced, status):
    settings.MOTCUA_SECOND_FACTOR_ROLES = forced
    client.force_login(bare(world, role))
    assert client.get("/office/").status_code == status


def leads_for_a_day(world, user):
    day = timezone.localdate()
    changes.stand_in(username=user.username, valid_from=day, valid_to=day, reason="Nghỉ phép", roles=[Role.LEADER])


def leads_for_an_hour(world, user):
    giver, post = world.reader(Role.ADMINISTRATOR, "P"), world.posts["W1", Role.CASE_OFFICER]
    elevations.elevate(giver, post, world.agencies["W2"], [Role.LEADER], hours=1, reason="Trực thay")


@pytest.mark.parametrize("rises", [leads_for_a_day, leads_for_an_hour])
def test_roles_for_a_day_or_an_hour_count_on_every_page(client, world, rises):
    officer = bare(world, Role.CASE_OFFICER)
    client.force_login(officer)
    wanted = "bắt buộc có lớp xác thực thứ hai"
    assert client.get("/office/").status_code == 200
    assert wanted not in client.get(reverse("mfa_index")).content.decode()
    rises(world, officer)
    assert client.get("/office/").headers["Location"] == reverse("mfa_index")
    assert wanted in client.get(reverse("mfa_index")).content.decode()


def test_the_invented_agencies_of_the_demo_are_excused_and_say_so(client, world):
    Agency.objects.update(demo=True)
    client.force_login(bare(world, Role.LEADER))
    assert client.get("/office/").status_code == 200
    assert "Đây là cơ quan mẫu" in client.get(reverse("mfa_index")).content.decode()


def test_a_password_alone_does_not_sign_in_who_has_a_second_factor(client, world):
    leader = world.user(Role.LEADER)
    commands.set_password(leader.username, PASSWORD)
    form = {"login": leader.username, "password": PASSWORD}
    answer = client.post("/accounts/login/", form)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/office/").status_code == 302
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "Thêm một bước nữa" in page
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get("/office/").status_code == 200


def test_a_code_counts_once(client, world):
    leader = world.user(Role.LEADER)
    totp = TOTP(Authenticator.objects.get(user=leader))
    used = code()
    assert totp.validate_code(used)
    assert not totp.validate_code(used)


def test_secrets_are_sealed_in_the_database_and_bound_to_their_use(world):
    leader = world.user(Role.LEADER)
    kept = Authenticator.objects.get(user=leader).data["secret"]
    assert kept.startswith("sealed:") and SECRET not in kept
    assert second_factor.MFAAdapter().decrypt(kept) == SECRET
    assert second_factor.MFAAdapter().decrypt("JBSWY3DPEHPK3PXP") == "JBSWY3DPEHPK3PXP"  # from before


def reauthenticated(client, user):
    key = session_of(user)
    store = SessionStore(key)
    method = {"method": "password", "at": time.time(), "reauthenticated": True}
    store["account_authentication_methods"] = [method]
    store["account_authentication_methods_user"] = str(user.pk)
    store.save()
    client.cookies["sessionid"] = key
    return key


@pytest.mark.parametrize("language", ["vi", "en"])
def test_setting_up_and_removing_an_app_goes_through_our_pages(client, world, language):
    officer = world.user(Role.CASE_OFFICER)
    reauthenticated(client, officer)
    client.cookies["django_language"] = language
    other = session_of(officer)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = page.split('id="totp-secret" value="')[1].split('"')[0]
    assert 'src="data:image/svg' in page
    number = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post(reverse("mfa_activate_totp"), {"code": number}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert answer.content.decode().count("<code>") == 10
    assert SessionStore().exists(other)
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"):
        shown = client.get(reverse(name))
        assert shown.status_code == 200, name
        assert 'class="page-entrance"' in shown.content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=officer).exists()
    assert not SessionStore().exists(other)  # who removes a factor may be a thief: elsewhere everything ends


def test_codes_cannot_be_tried_for_ever(client, world):
    leader = world.user(Role.LEADER)
    commands.set_password(leader.username, PASSWORD)
    client.post("/accounts/login/", {"login": leader.username, "password": PASSWORD})
    pages = [client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode() for _ in range(7)]
    assert "Mã không đúng." in pages[0] and "quá nhiều lần" in pages[-1]
    assert "Mã không đúng." not in pages[-1]


def test_urls_that_are_not_named_here_do_not_exist():
    names = {pattern.name for pattern in get_resolver().url_patterns if getattr(pattern, "name", None)}
    assert "account_signup" not in names and "account_reset_password" not in names
