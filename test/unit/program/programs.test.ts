import { describe, expect, test } from 'vitest';
import { engine, hardened, makes, python, written, type Files } from './image-writes';

// What an image writes, as the programs of its build context tell: the Dockerfile makes those folders and gives them to its user, a pod gets a volume
// where the image has nothing, and what cannot be given is asked.

describe('the folders that the program of an image writes', () => {
  test.each<[string, Files, string[]]>([
    ['a script by name', { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': makes }, ['/app/spool']],
    ['in shell form', { Dockerfile: python('COPY . .', 'CMD python -u main.py'), 'main.py': makes }, ['/app/spool']],
    ['a module', { Dockerfile: python('COPY . .', 'CMD ["python", "-m", "shop.web"]'), 'shop/web.py': makes }, ['/app/spool']],
    ['an application of gunicorn', { Dockerfile: python('COPY . .', 'CMD ["gunicorn", "web:app"]'), 'web.py': makes }, ['/app/spool']],
    [
      'in a folder of the context',
      { Dockerfile: python('COPY src/ ./', 'CMD ["python", "main.py"]'), 'src/main.py': makes },
      ['/app/spool'],
    ],
    [
      'the folder copied whole',
      { Dockerfile: python('COPY src src', 'CMD ["python", "src/main.py"]'), 'src/main.py': makes },
      ['/app/spool'],
    ],
    [
      'a Dockerfile in a folder',
      { 'web/Dockerfile': python('COPY . .', 'CMD ["python", "main.py"]'), 'web/main.py': makes },
      ['/app/spool'],
    ],
    ['a context above it', { 'docker/Dockerfile': python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': makes }, ['/app/spool']],
    [
      'what the program imports',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': 'import store\n', 'store.py': makes },
      ['/app/spool'],
    ],
    [
      'a package that Flask is told of',
      { Dockerfile: python('COPY . .', 'ENV FLASK_APP=shop', 'CMD ["flask", "run"]'), 'shop/__init__.py': makes },
      ['/app/spool'],
    ],
    [
      'a folder that the context has',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': makes, 'spool/first.json': '{}' },
      ['/app/spool (filled)'],
    ],
    [
      'a folder that a step of the build may fill',
      { Dockerfile: python('COPY . .', 'RUN python fetch.py', 'CMD ["python", "main.py"]'), 'main.py': makes },
      ['/app/spool (filled)'],
    ],
    [
      'a variable that the image sets',
      {
        Dockerfile: python('ENV SPOOL=/var/spool/app', 'COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "os.makedirs(os.environ['SPOOL'])",
      },
      ['/var/spool/app'],
    ],
    [
      'a file beside the sources',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': "sqlite3.connect('app.db')" },
      ['main.py writes app.db next to its sources'],
    ],
    [
      'what npm starts',
      {
        Dockerfile: 'FROM node:24\nWORKDIR /srv/shop\nCOPY . .\nCMD ["npm", "start"]\n',
        'package.json': '{"main": "bin/www.js"}',
        'bin/www.js': "fs.mkdirSync('inbox')",
      },
      ['/srv/shop/inbox'],
    ],
    [
      'beside a program in JavaScript',
      {
        Dockerfile: 'FROM node:24\nWORKDIR /srv/shop\nCOPY . .\nCMD ["node", "bin/www"]\n',
        'bin/www.js': "fs.mkdirSync(path.join(__dirname, '../inbox'))",
      },
      ['/srv/shop/inbox'],
    ],
    [
      'Go from another stage',
      {
        Dockerfile:
          'FROM golang:1.26 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /links ./cmd/links\nFROM debian:12\nWORKDIR /data\nCOPY --from=b /links /bin/links\nENTRYPOINT ["links"]\n',
        'cmd/links/main.go': 'os.MkdirAll("pages", 0o755)',
      },
      ['/data', 'it starts a program in Go, which is not analyzed here'],
    ],
    [
      'Java',
      {
        Dockerfile:
          'FROM eclipse-temurin:21-jdk AS b\nWORKDIR /b\nCOPY . .\nRUN javac -d out src/org/shop/*.java\nFROM eclipse-temurin:21-jre\nCOPY --from=b /b/out /app\nCMD ["java", "-cp", "/app", "org.shop.Main"]\n',
        'src/org/shop/Main.java': 'package org.shop;\nimport org.shop.store.Kept;\n',
        'src/org/shop/store/Kept.java': 'package org.shop.store;\nPath root = Path.of("/srv/kept");\nFiles.createDirectories(root);\n',
      },
      ['it starts a program in Java, which is not analyzed here'],
    ],
    [
      'the sources of what is built',
      {
        Dockerfile:
          'FROM node:24 AS b\nWORKDIR /b\nCOPY . .\nRUN cp -r src dist\nFROM node:24\nWORKDIR /app\nCOPY --from=b /b/dist ./dist\nCMD ["node", "dist/server.js"]\n',
        'src/server.js': "fs.mkdirSync(path.join(__dirname, '../inbox'));",
      },
      ['/app/inbox'],
    ],
    [
      'what an entry point of an official image runs',
      {
        Dockerfile: 'FROM nginx:1.29\nCOPY env.sh /docker-entrypoint.d/40-env.sh\n',
        'env.sh': '#!/bin/sh\necho a > /usr/share/nginx/html/env.js\n',
      },
      ['its start script env.sh writes /usr/share/nginx/html/env.js'],
    ],
    [
      'a page behind Apache',
      { Dockerfile: 'FROM php:8.4-apache\nCOPY . /var/www/html/\n', 'index.php': "mkdir(__DIR__ . '/inbox');" },
      ['it starts a program in PHP, which is not analyzed here'],
    ],
    [
      'a script among the programs of the image',
      { Dockerfile: 'FROM debian:12\nCOPY jobs /usr/local/bin/\nCMD ["jobs"]\n', jobs: '#!/bin/bash\nmkdir -p /var/log/jobs\n' },
      ['its start script jobs runs mkdir'],
    ],
    [
      'the same by its path',
      {
        Dockerfile: 'FROM debian:12\nCOPY begin /usr/local/bin/begin\nENTRYPOINT ["/usr/local/bin/begin"]\n',
        begin: '#!/bin/sh\nsed s/a/b/ /srv/x.tmpl > /etc/x.conf\n',
      },
      ['its start script begin writes /etc/x.conf'],
    ],
    [
      'a configuration that is copied',
      {
        Dockerfile: 'FROM nginx:1.29\nCOPY nginx.conf /etc/nginx/nginx.conf\n',
        'nginx.conf': 'proxy_cache_path /data/cache levels=1:2;\n',
      },
      ['/data/cache'],
    ],
    [
      'a configuration in a folder that is copied',
      {
        Dockerfile: 'FROM php:8.4-apache\nCOPY rootfs/ /\n',
        'rootfs/etc/apache2/sites-available/000-default.conf': 'CustomLog /var/log/site/access.log combined\n',
      },
      ['/var/log/site', 'it starts a program in PHP, which is not analyzed here'],
    ],
    [
      'a configuration that an argument names',
      {
        Dockerfile: 'FROM redis:8\nCOPY conf /conf\nCMD ["redis-server", "/conf/board.conf"]\n',
        'conf/board.conf': 'dir /var/lib/board\n',
      },
      ['/var/lib/board'],
    ],
    [
      'a configuration that a program names',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "fileConfig('logging.ini')",
        'logging.ini': "args=('/var/log/a/a.log',)",
      },
      ['/var/log/a'],
    ],
    [
      'the programs of a supervisor',
      {
        Dockerfile: 'FROM debian:12\nCOPY supervisord.conf /etc/supervisor/\nCOPY worker.py /opt/app/\nCMD ["supervisord"]\n',
        'supervisord.conf': 'command=python3 /opt/app/worker.py\n',
        'worker.py': "os.makedirs('/var/lib/worker')",
      },
      ['/var/lib/worker'],
    ],
    [
      'a user that a supervisor changes to',
      { Dockerfile: 'FROM debian:12\nCOPY supervisord.conf /etc/supervisor/\nCMD ["supervisord"]\n', 'supervisord.conf': 'user=web\n' },
      ['its configuration supervisord.conf starts a program as web'],
    ],
    [
      'a variable that an .env sets',
      {
        Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
        'main.py': "load_dotenv()\nos.makedirs(os.path.dirname(os.environ['LINKS_DB']))",
        '.env': 'LINKS_DB=/app/links/links.json\n',
      },
      ['/app/links'],
    ],
    [
      'a folder that is kept empty',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'uploads/.gitkeep': '' },
      ['/app/uploads', 'it starts a program in Python that was not found'],
    ],
    [
      'logs that the image leads to the console are none',
      {
        Dockerfile: 'FROM nginx:1.29\nCOPY nginx.conf /etc/nginx/nginx.conf\n',
        'nginx.conf':
          'error_log /var/log/nginx/error.log warn;\nhttp {\n  access_log /var/log/nginx/access.log;\n  access_log /var/log/nginx/api/api.log;\n}\n',
      },
      ['/var/log/nginx/api'],
    ],
    [
      'a kept folder that has files after all',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'uploads/.gitkeep': '', 'uploads/default.png': 'x' },
      ['/app/uploads (filled)', 'it starts a program in Python that was not found'],
    ],
    [
      'a folder whose files are all left out',
      { 'web/Dockerfile': python('COPY src src', 'CMD ["true"]'), 'web/src/storage/views/.gitignore': '*\n!.gitignore\n' },
      ['/app/src/storage/views'],
    ],
    [
      'folders that are kept for sources, or not copied',
      {
        Dockerfile: python('COPY app app', 'CMD ["true"]'),
        'app/plugins/.keep': '',
        'app/tests/data/.keep': '',
        'app/logs/.gitignore': '*.old\n',
        'uploads/.keep': '',
      },
      [],
    ],
    [
      'a kept folder that the program writes',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'), 'main.py': makes, 'spool/.gitkeep': '' },
      ['/app/spool'],
    ],
    [
      'a file beside a program in a folder of the system',
      {
        Dockerfile: 'FROM debian:12\nCOPY guest.pl /usr/local/lib/guest/\nCMD perl /usr/local/lib/guest/guest.pl\n',
        'guest.pl': "my $data = dirname(__FILE__) . '/data';\nopen(my $fh, '>>', \"$data/guests.txt\") or die;",
      },
      ['it starts a program in Perl, which is not analyzed here'],
    ],
    // where it starts is a folder of its own then
    [
      'nothing that is copied',
      { Dockerfile: python('CMD ["python", "main.py"]'), 'main.py': makes },
      ['/app', 'it starts a program in Python that was not found'],
    ],
    [
      'a program that is not there',
      { Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]') },
      ['it starts a program in Python that was not found'],
    ],
    [
      'a way out of the workspace',
      { Dockerfile: python('COPY ../.. .', 'CMD ["python", "../../main.py"]'), 'main.py': makes },
      ['it starts a program in Python that was not found'],
    ],
  ])('%s', (_, files, expected) => {
    expect(written(files)).toEqual(expected);
  });
});

describe('harden', () => {
  const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example.com/acme/web:1.0
`;
  const compose = 'services:\n  web:\n    build: .\n    image: registry.example.com/acme/web:1.0\n';
  const files = {
    Dockerfile: python('COPY . .', 'CMD ["python", "main.py"]'),
    'main.py': makes,
    'pod.yaml': manifest,
    'compose.yaml': compose,
  };

  test('makes the folder and gives it to the user of the image', () => {
    expect(hardened('Dockerfile', files)).toMatch(/mkdir -p \/app\/spool && chown -R 10001 \/app\/spool\nUSER 10001/);
  });

  test('mounts a volume there, so that the root filesystem can be read-only', () => {
    expect(hardened('pod.yaml', files)).toMatch(/readOnlyRootFilesystem: true[^]*mountPath: \/app\/spool/);
  });

  test('mounts one for what is made in a folder that gets a volume, too', () => {
    const nested = {
      ...files,
      Dockerfile:
        'FROM python:3.13-slim\nWORKDIR /var/www/html\nCOPY . .\nRUN mkdir -p var/cache var/sessions && chown -R www-data var\nCMD ["python", "index.py"]\n',
      'index.py': "open('var/cache/index.html', 'w')",
    };
    const mounted = [...hardened('pod.yaml', nested).matchAll(/mountPath: (\/var\/www\S*)/g)].map(match => match[1]).sort();
    expect(mounted).toEqual(['/var/www/html/var', '/var/www/html/var/cache', '/var/www/html/var/sessions']);
  });

  test('asks where files may be moved between two of them', () => {
    const spool = {
      ...files,
      Dockerfile: python('COPY main.py .', 'RUN mkdir -p /srv/mail/tmp /srv/mail/new', 'VOLUME /srv/mail', 'CMD ["python", "main.py"]'),
    };
    expect(hardened('pod.yaml', spool)).not.toMatch(/readOnlyRootFilesystem|runAsUser/);
  });

  test('reads what a server starts for each of its visitors', () => {
    const of = (line: string): string =>
      hardened('pod.yaml', {
        ...files,
        Dockerfile:
          'FROM debian:13\nCOPY handler /usr/local/lib/handler\nCMD ["socat", "TCP-LISTEN:90,fork", "EXEC:/usr/local/lib/handler"]\n',
        handler: `#!/bin/sh\n${line}\n`,
      });
    expect(of('echo hello')).toContain('runAsUser');
    expect(of('mkdir -p /srv/in')).not.toContain('runAsUser');
  });

  test('never mounts one over files of the image', () => {
    expect(hardened('pod.yaml', { ...files, 'spool/first.json': '{}' })).not.toMatch(/readOnlyRootFilesystem|mountPath/);
  });

  test('asks before a server that changes its user loses the capabilities for it', () => {
    const server = (conf: string): string =>
      hardened('compose.yaml', {
        Dockerfile: 'FROM debian:12\nCOPY balance.cfg /etc/balance.cfg\nCMD ["balance", "-f", "/etc/balance.cfg"]\n',
        'balance.cfg': conf,
        'compose.yaml': compose,
      });
    expect(server('maxconn 10\n')).toContain('cap_drop');
    expect(server('user nobody\n')).not.toContain('cap_drop');
  });

  test('takes nothing of a server for a supervisor that starts it among others', () => {
    const panel = {
      Dockerfile: 'FROM php:8.4-fpm\nCOPY supervisord.conf /etc/supervisor/conf.d/panel.conf\nCMD ["supervisord", "-n"]\n',
      'supervisord.conf': '[program:nginx]\ncommand=nginx\n',
      'pod.yaml': manifest,
      'compose.yaml': compose,
    };
    expect(hardened('compose.yaml', panel)).not.toMatch(/user:|read_only/);
    expect(hardened('pod.yaml', panel)).not.toMatch(/runAsUser|drop:/);
  });

  test('leaves to a person what writes next to its sources', () => {
    const beside = { ...files, 'main.py': "open('state.json', 'w')" };
    expect(hardened('Dockerfile', beside)).not.toContain('USER');
    expect(hardened('pod.yaml', beside)).not.toContain('readOnlyRootFilesystem');
  });
});

test('what stages copy from one another costs no more than the file is long', () => {
  const stages = Array.from(
    { length: 500 },
    (_, i) => `FROM s${i} AS s${i + 1}\nCOPY --from=s${i} /a /b\nRUN go build ./x\nCMD ["python", "a.py"]\n`,
  );
  const started = process.cpuUsage();
  engine.open({ path: 'Dockerfile', text: `FROM debian AS s0\nCOPY . .\n${stages.join('')}` }).facts();
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(3);
});
