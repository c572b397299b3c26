"""Settings of the Django applications, which are one app each."""
import os

import django
from django.conf import settings

from traffic import target


def engine():
    """EVAL_SERVER_BINDING=true: with psycopg 3, parameters go to the server by themselves."""
    to = target()
    shared = {'NAME': to['name'], 'USER': to['user'], 'PASSWORD': to['password'], 'HOST': to['host'], 'PORT': to['port']}
    if to['dialect'] == 'postgres':
        own = {'server_side_binding': True} if os.environ.get('EVAL_SERVER_BINDING') == 'true' else {}
        return {**shared, 'ENGINE': 'django.db.backends.postgresql', 'OPTIONS': own}
    return {**shared, 'ENGINE': 'django.db.backends.mysql', 'OPTIONS': {'charset': 'utf8mb4'}}


def start(app):
    settings.configure(
        DATABASES={'default': engine()},
        INSTALLED_APPS=[app],
        DEFAULT_AUTO_FIELD='django.db.models.BigAutoField',
        TIME_ZONE='UTC',
        USE_TZ=True,
    )
    django.setup()


def create_tables(app):
    from django.apps import apps
    from django.db import connection

    with connection.schema_editor() as editor:
        for model in apps.get_app_config(app).get_models():
            if not model._meta.proxy:
                editor.create_model(model)
