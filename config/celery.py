"""The Celery application. The broker is only a doorbell: what must happen is a row in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
# Before NumPy comes: workers share the cores, each computes on one thread. With as many threads as cores in each,
# a file of ten thousand fiches took 105 CPU seconds and 69 s, instead of 52 and 40.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

app = Celery("cahier")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="clock")
app.autodiscover_tasks(related_name="tasks_backend")
