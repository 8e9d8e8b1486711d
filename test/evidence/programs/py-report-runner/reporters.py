import datetime
import json
import os


class LegacyReporter:
    """What 1.x did. Plugins may still import it, we don't."""

    folder = '/usr/local/reports'

    def save(self, report):
        name = '%s/%s.txt' % (self.folder, report['id'])
        with open(name, 'w') as out:
            out.write(str(report))
        return name


class SpoolReporter(object):

    folder = '/var/spool/reports'
    suffix = 'json'

    def __init__(self, pretty=False):
        self.indent = 2 if pretty else None

    def save(self, report):
        stamp = datetime.date.today().isoformat()
        name = os.path.join(self.folder, '%s-%s.%s' % (stamp, report['id'], self.suffix))
        with open(name, 'w') as out:
            json.dump(report, out, indent=self.indent)
        return name
