from contacts.checks import no_demo_logins
from contacts.models import User


def found():
    return [error.id for error in no_demo_logins(databases=["default"])]


def test_production_refuses_the_demos_logins(cast, settings):
    settings.PRODUCTION = True
    assert found() == ["contacts.E001"]
    User.objects.update(is_active=False)
    assert found() == ["contacts.E001"]


def test_other_logins_and_other_environments_pass(cast, settings):
    assert found() == []
    settings.PRODUCTION = True
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.pk}@example.com")
    assert found() == []
    assert no_demo_logins(databases=None) == []
