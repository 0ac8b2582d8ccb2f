"""What a production server loads: ``gunicorn app.wsgi:app``, with its settings in gunicorn.conf.py."""

from app import create_app

app = create_app()
