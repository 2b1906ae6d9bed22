"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from motcua.config import counting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.config.settings")
counting.share()
application = get_wsgi_application()

from motcua.config import logs  # noqa: E402 - Django has set up logging first

logs.withhold_uncaught()
