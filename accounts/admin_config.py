from django.contrib.admin.apps import AdminConfig


class OfficeAdminConfig(AdminConfig):
    """The admin app with this bureau's site; named in INSTALLED_APPS."""

    default_site = "accounts.admin_site.OfficeAdminSite"
