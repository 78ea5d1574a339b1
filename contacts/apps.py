from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from contacts import checks  # noqa: F401  # read here, so that Django knows them


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Partners and contacts")
