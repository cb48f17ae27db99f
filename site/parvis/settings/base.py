"""What is common to every instance. Secrets and places come from the environment; a plugin never sees this module."""

from pathlib import Path

import environ

from core.kernel.discovery import installed

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(env("PARVIS_VAR", default=str(ROOT / "var")))

DEBUG = False
SECRET_KEY = env("PARVIS_SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("PARVIS_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("PARVIS_ORIGINS", default=[])

INSTALLED_APPS = [
    "core.api",
    "core.backoffice",
    "core.portal",
    "core.pages",
    "core.opening",
    "core.editions",
    "core.reminders",
    "core.requests",
    "core.documents",
    "core.notifications",
    "core.families",
    "core.pricing",
    "core.town",
    "core.accounts",
    "core.ui",
    "core.kernel",
    *(app for plugin in installed().plugins for app in plugin.django_apps),
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.pages.caching.RevalidationMiddleware",
    "core.backoffice.middleware.EditorPolicyMiddleware",
    "core.kernel.state.StateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.accounts.middleware.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.portal.middleware.PrivateAddressMiddleware",
    "core.accounts.middleware.SecondFactorMiddleware",
    "core.pages.middleware.PageGateMiddleware",
    "core.pages.middleware.OldAddressMiddleware",
]

ROOT_URLCONF = "parvis.urls"
WSGI_APPLICATION = "parvis.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.portal.context.frame",
                "core.pages.frame.site",
            ],
            "builtins": ["core.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "core.ui.forms.Renderer"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'parvis.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Shared by every process, since attempts to sign in are counted there. A cull would forget some: many entries fit.
    "default": env.cache("CACHE_URL", default="dbcache://parvis_cache?max_entries=100000"),
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "renditions"},
}
TASKS = {
    "default": {"BACKEND": env("PARVIS_TASKS", default="django_tasks.backends.immediate.ImmediateBackend")}
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # What only a view serves, after its check: never below MEDIA_URL.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR / "private"), "base_url": None},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["core.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "core.accounts.passwords.StrengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:after_sign_in"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "core.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "core.accounts.forms.SignInForm",
    "reset_password": "core.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "core.accounts.forms.NewPasswordForm",
    "change_password": "core.accounts.forms.ChangePasswordForm",
    "set_password": "core.accounts.forms.SetPasswordForm",
    "add_email": "core.accounts.forms.AddressForm",
    "reauthenticate": "core.accounts.forms.ConfirmPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "forgotten_identifier": "20/m/ip,5/m/key"
}  # beside allauth's own: 5 failures in 5 minutes…
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PARVIS_PROXIES", default=0)
MFA_ADAPTER = "core.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "core.accounts.forms.CodeForm",
    "reauthenticate": "core.accounts.forms.ConfirmCodeForm",
    "activate_totp": "core.accounts.forms.ActivateApplicationForm",
    "generate_recovery_codes": "core.accounts.forms.GenerateCodesForm",
    "add_webauthn": "core.accounts.forms.AddKeyForm",
    "edit_webauthn": "core.accounts.forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are opened by the town hall, not by whoever types an address
MFA_TOTP_TOLERANCE = 1  # telephones drift; core.accounts.forms sees that a code serves once
PARVIS_SECOND_FACTOR = env.bool("PARVIS_SECOND_FACTOR", default=True)

SESSION_COOKIE_AGE = 24 * 3600  # with the browser, or a day; core.accounts.idle ends it sooner
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "media-src": _SELF,
        "manifest-src": _SELF,
        "frame-src": _SELF,
        "form-action": _SELF,
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

WAGTAIL_SITE_NAME = "Parvis"
WAGTAILADMIN_BASE_URL = env("PARVIS_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILDOCS_DOCUMENT_MODEL = "pages.LibraryDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "core.pages.forms_library.DocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = [
    *("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"),
    *("jpg", "jpeg", "png", "mp4", "webm", "vtt", "csv", "txt", "ics"),
]
WAGTAILIMAGES_IMAGE_MODEL = "pages.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.pages.forms_library.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "core.pages.search_backend", "SEARCH_CONFIG": "french_unaccent"}
}
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.TokenAuthentication",
        "core.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.Pagination",
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.Schema",
    "EXCEPTION_HANDLER": "core.api.problems.handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Parvis",
    "DESCRIPTION": "Ce qu’un parent peut faire dans l’Espace Famille, et ce que la commune publie.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["core.api.schema.api_only"],
    "ENUM_NAME_OVERRIDES": {
        "EtatDemandeEnum": "core.requests.states.State",
        "EtatDocumentEnum": "core.documents.states.State",
        "SorteLieuEnum": "core.town.models.Site.Kind",
        "SorteJourEnum": "core.town.calendar.DayKind",
    },
}

DEFAULT_FROM_EMAIL = env("PARVIS_FROM_EMAIL", default="ne-pas-repondre@localhost")
PARVIS_SMS = env("PARVIS_SMS", default="")
EMAIL_CONFIG = env.email("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "core.kernel.logs.Formatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

PARVIS_CLAMD = env("PARVIS_CLAMD", default="")
PARVIS_COMMUNE = env("PARVIS_COMMUNE", default="Bassens")
PARVIS_TODAY = env("PARVIS_TODAY", default="")
PARVIS_DEMO = False
