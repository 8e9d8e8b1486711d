import os
import platform

from reporters import SpoolReporter


def collect():
    yield {'id': 'host', 'python': platform.python_version(), 'machine': platform.machine()}
    yield {'id': 'load', 'average': os.getloadavg()}
    with open('/proc/meminfo') as meminfo:
        yield {'id': 'memory', 'lines': [line.strip() for line in meminfo][:3]}


reporter = SpoolReporter(pretty=True)
for report in collect():
    print('saved', reporter.save(report))
