import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

SECRET_KEY = os.environ.get('SECRET_KEY', 'only for tests')
ALLOWED_HOSTS = ['*']
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': Path(__file__).parent / 'db.sqlite3'}}
ROOT_URLCONF = 'site_settings'


def users(request):
    from django.contrib.auth.models import User

    if request.GET.get('add'):
        User.objects.create(username=request.GET['add'])
    return HttpResponse(f'{User.objects.count()} users\n')


urlpatterns = [path('', users)]
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_settings')
application = get_wsgi_application()
