import multiprocessing

bind = "0.0.0.0:8000"
workers = 2
accesslog = "/var/log/gunicorn/access.log"
errorlog = "/var/log/gunicorn/error.log"
pidfile = "/var/run/gunicorn/poll.pid"
capture_output = True
