import { filled, indent, type Spelling } from './spellings';

// As in `spellings`: `§` stands for the value, `¶` and `‡` for its halves, `⁋` for its base 64.

/** What stands around a credential: the file that holds it, and files that have others ask about it. */
interface Around {
  readonly path: string;
  readonly wrap: (lines: string) => string;
  readonly beside?: Readonly<Record<string, string>>;
}

/** Starts a program of its folder, so that what its environment names is asked for. */
const built: Readonly<Record<string, string>> = {
  Dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n',
  'server.js': "const fs = require('fs');\nfs.writeFileSync(process.env.DATA_DIR + '/a', '');\n",
};
const service = (lines: string): string => `services:\n  web:\n    build: .\n    image: example.com/acme/web:1\n${indent(lines, 4)}\n`;
const compose: Around = { path: 'compose.yaml', wrap: service, beside: built };
const extending: Around = {
  path: 'base.yaml',
  wrap: service,
  beside: { ...built, 'compose.yaml': 'services:\n  app:\n    extends: {file: base.yaml, service: web}\n' },
};
const script: Around = { path: 'run.sh', wrap: lines => `#!/bin/sh\n${lines}\ndocker run -d --name web nginx:1.27\n` };
const makefile: Around = { path: 'Makefile', wrap: lines => `${lines}\nrun:\n\tdocker run -d --name web nginx:1.27\n` };
const unit: Around = {
  path: 'web.service',
  wrap: lines => `[Service]\n${lines}\nExecStart=/usr/bin/docker run --rm --name web nginx:1.27\n`,
};
const page: Around = { path: 'README.md', wrap: lines => `# Web\n\n${lines}\n\n\`\`\`sh\ndocker run -d nginx:1.27\n\`\`\`\n` };
const workflow: Around = {
  path: '.github/workflows/ci.yml',
  wrap: lines => `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n${indent(lines, 6)}\n`,
};
const job: Around = {
  path: '.github/workflows/job.yml',
  wrap: lines => `on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n${indent(lines, 4)}\n    steps: [{uses: actions/checkout@v4}]\n`,
};
const pipeline: Around = { path: '.gitlab-ci.yml', wrap: lines => `${lines}\n` };
const policy: Around = {
  path: 'policy.yaml',
  wrap: lines =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: signed\nspec:\n  validationFailureAction: Audit\n  rules:\n    - name: signed\n      match: {any: [{resources: {kinds: [Pod]}}]}\n${indent(lines, 6)}\n`,
};
const template =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: "{{ .Values.image }}:1"\n      {{- if eq .Values.mode "§" }}\n      securityContext: {privileged: true}\n      {{- end }}\n';
const values: Around = {
  path: 'chart/values.yaml',
  wrap: lines => `image: example.com/acme/web\nmode: plain\n${lines}\n`,
  beside: { 'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n', 'chart/templates/pod.yaml': template.replace('§', 'plain') },
};
const chart: Around = {
  path: 'chart/templates/web.yaml',
  wrap: lines =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: {{ .Chart.Name }}\n      image: nginx:latest\n${indent(lines, 6)}\n`,
  beside: { 'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n', 'chart/values.yaml': 'image: nginx\n' },
};
const map: Around = {
  path: 'map.yaml',
  wrap: lines => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n${indent(lines, 2)}\n`,
  beside: {
    'web.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n        - name: web\n          image: example.com/acme/web:1\n          envFrom: [{configMapRef: {name: web}}]\n          volumeMounts: [{name: c, mountPath: /app/config}]\n      volumes: [{name: c, configMap: {name: web}}]\n',
  },
};
const environment: Around = {
  path: '.env',
  wrap: lines => `COMPOSE_FILE=compose.yaml:more.yaml\nDATA_DIR=/data\n${lines}\n`,
  beside: { ...built, 'compose.yaml': service('env_file: .env'), 'more.yaml': 'services:\n  web:\n    read_only: false\n' },
};
const spring: Readonly<Record<string, string>> = {
  Dockerfile:
    'FROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY src/main/resources/ config/\nCOPY app.jar .\nCMD ["java", "-jar", "app.jar"]\n',
};
const properties: Around = {
  path: 'src/main/resources/application.properties',
  wrap: lines => `logging.file.path=/var/log/app\n${lines}\n`,
  beside: spring,
};
const settings: Around = {
  path: 'src/main/resources/application.yml',
  wrap: lines => `logging:\n  file:\n    path: /var/log/app\n${lines}\n`,
  beside: spring,
};
const configuration: Around = {
  path: '.bulkhead.yaml',
  wrap: lines => `profile: strict\n${lines}\n`,
  beside: { Dockerfile: 'FROM nginx\n' },
};
const bake: Around = {
  path: 'docker-bake.hcl',
  wrap: lines => `${lines}\ntarget "web" {\n  dockerfile = "Dockerfile"\n  tags = ["example.com/acme/web:1"]\n}\n`,
  beside: built,
};
const dockerfile: Around = { path: 'Dockerfile', wrap: lines => `FROM alpine:3.22\n${lines}\n` };

/** Everything but the plain ways of `spellings`: other families, what other files are asked for, and what stands in defaults and substitutions. */
const plants: readonly (readonly [Around, readonly string[]])[] = [
  [
    dockerfile,
    [
      'ENV DB_PASSWORD=${X:-§}',
      'ENV DB_PASSWORD="${X:-§}"',
      'ENV DB_PASSWORD ${X:-§}',
      'ENV DB_PASSWORD=${DB_PASSWORD-§}',
      'ENV DB_PASSWORD=${X:+§}',
      'ENV DB_PASSWORD=${X:-${Y:-§}}',
      'ARG DB_PASSWORD=${X:-§}',
      'ARG X=1\nENV DATABASE_URL=postgres://app:${DB_PASSWORD:-§}@db/app',
      'RUN export DB_PASSWORD=§',
      'RUN export DB_PASSWORD="§" && ./run',
      'RUN export DB_PASSWORD=${X:-§}; ./run',
      'RUN export DB_PASSWORD=$(echo §)',
      'RUN export DB_PASSWORD="$(echo §)" && ./run',
      'RUN DB_PASSWORD=`echo §` ./run',
      "RUN DB_PASSWORD=$(printf '%s' '§') ./run",
      'RUN DB_PASSWORD=$(echo -n ⁋ | base64 -d) ./run',
      'RUN : "${DB_PASSWORD:=§}" && ./run',
      'RUN : ${DB_PASSWORD:=§}',
      'RUN mysql -p"${X:-§}" app',
      'RUN mysql --password=${X:-§} app',
      'RUN curl -u ci:${X:-§} https://files.example.com/a',
      'RUN curl -H "Authorization: Bearer ${X:-§}" https://files.example.com/a',
      'RUN set -eu; readonly DB_PASSWORD=§; ./run',
      'RUN declare -x DB_PASSWORD=§',
      'RUN <<EOF\nexport DB_PASSWORD=${X:=§}\n./run\nEOF',
      'HEALTHCHECK CMD curl -fsS "http://localhost/?token=${X:-§}" || exit 1',
      'HEALTHCHECK CMD mysqladmin ping -uroot --password=§',
      'HEALTHCHECK CMD ["redis-cli", "-a", "§", "ping"]',
      'CMD ["sh", "-c", "exec app --password ${X:-§}"]',
      'SHELL ["powershell", "-Command"]\nRUN $env:DB_PASSWORD = "§"; ./run',
      'RUN setx DB_PASSWORD "§"',
    ],
  ],
  [
    compose,
    [
      'environment:\n  POSTGRES_PASSWORD: §',
      'environment:\n  POSTGRES_PASSWORD: "§"',
      'environment:\n  - POSTGRES_PASSWORD=§',
      'environment: ["POSTGRES_PASSWORD=§"]',
      'environment: {POSTGRES_PASSWORD: §, A: b}',
      'environment:\n  POSTGRES_PASSWORD: ${X:-§}',
      'environment:\n  POSTGRES_PASSWORD: "${X:-§}"',
      'environment:\n  POSTGRES_PASSWORD: ${X-§}',
      'environment:\n  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD-§}',
      'environment:\n  - POSTGRES_PASSWORD=${X:-${Y:-§}}',
      'environment:\n  DATABASE_URL: postgres://app:§@db/app',
      'environment:\n  DATABASE_URL: postgres://app:${X:-§}@db/app',
      'environment:\n  <<: {POSTGRES_PASSWORD: §}',
      'environment:\n  POSTGRES_PASSWORD: |-\n    §',
      'environment:\n  JAVA_OPTS: -Ddb.password=§ -Xmx1g',
      'environment:\n  JAVA_OPTS: -Ddb.password=${X:-§}',
      'command: ["app", "--password", "§"]',
      'command: app --password=§ --data /data',
      'command: sh -c "exec app --password ${X:-§}"',
      'command: redis-server --requirepass §',
      'entrypoint: ["sh", "-c", "DB_PASSWORD=§ exec node server.js"]',
      'healthcheck:\n  test: ["CMD", "mysqladmin", "ping", "-p§"]',
      'healthcheck:\n  test: mysqladmin ping -p§',
      'healthcheck:\n  test: ["CMD-SHELL", "curl -u ci:$${X:-§} http://localhost"]',
      'labels:\n  traefik.auth.password: §',
      'labels: ["api.token=§"]',
      'logging:\n  options:\n    splunk-token: §',
      'x-notes: "password: §"',
      'build:\n  context: .\n  args:\n    NPM_TOKEN: §',
      'build:\n  context: .\n  args: ["NPM_TOKEN=§"]',
      'build:\n  context: .\n  args:\n    NPM_TOKEN: ${X:-§}',
      'build:\n  context: https://ci:§@git.example.com/acme/web.git',
      'post_start: [{command: ["sh", "-c", "mysql -p§"]}]',
    ],
  ],
  [extending, ['environment: {DB_PASSWORD: §}', 'command: app --api-key §', 'sysctls: {net.example.token: §}']],
  [
    script,
    [
      'docker run -d -e DB_PASSWORD=§ postgres:17',
      'docker run -d -e "DB_PASSWORD=§" postgres:17',
      "docker run -d --env 'DB_PASSWORD=§' postgres:17",
      'docker run -d --env=DB_PASSWORD=§ postgres:17',
      'docker run -d -e DB_PASSWORD=${P:-§} postgres:17',
      'docker run -d -e DB_PASSWORD="${P:-§}" postgres:17',
      'docker run -d -e DB_PASSWORD="$(echo §)" postgres:17',
      'docker run -d -e "DB_PASSWORD=$(echo "§")" postgres:17',
      'docker run -d -e DB_PASSWORD=`echo §` postgres:17',
      'docker run -d postgres:17 app --password §',
      'docker run -d --health-cmd "mysqladmin ping -p§" mysql:8',
      'docker run -d --label api.token=§ nginx:1.27',
      'docker run -d -e DB_PASSWORD=¶\\\n‡ postgres:17',
      'export DB_PASSWORD=§\ndocker run -d -e DB_PASSWORD postgres:17',
      'export DB_PASSWORD="${X:-§}"\ndocker run -d -e DB_PASSWORD postgres:17',
      'DB_PASSWORD=§\ndocker run -d -e DB_PASSWORD=$DB_PASSWORD postgres:17',
      'DB_PASSWORD=$(echo §)\ndocker run -d -e DB_PASSWORD="$DB_PASSWORD" postgres:17',
      ': "${DB_PASSWORD:=§}"\ndocker run -d -e DB_PASSWORD postgres:17',
      ': "${DB_PASSWORD:=${X:-§}}"',
      'export DB_PASSWORD=$(cat <<< §)',
      "export DB_PASSWORD=$'§'",
      'DB_PASSWORD=(§)',
      'read -r DB_PASSWORD <<< "§"',
      'docker build --build-arg NPM_TOKEN=${T:-§} .',
      'docker login -u ci -p ${X:-§} registry.example.com',
      'echo ${X:-§} | docker login -u ci --password-stdin registry.example.com',
      'docker service create --env DB_PASSWORD=§ postgres:17',
      'printf "%s" "§" | docker secret create db_password -',
    ],
  ],
  [
    makefile,
    [
      'DB_PASSWORD = §',
      'DB_PASSWORD := §',
      'DB_PASSWORD ::= §',
      'DB_PASSWORD ?= §',
      'export DB_PASSWORD := §',
      'override DB_PASSWORD = §',
      'DB_PASSWORD = $(or $(X),§)',
      'DB_PASSWORD = $(shell echo §)',
      'DB_PASSWORD != echo §',
      'up:\n\tdocker run -e DB_PASSWORD=§ postgres:17',
      'up:\n\tdocker run -e DB_PASSWORD=$${X:-§} postgres:17',
      'up:\n\tdocker run -e DB_PASSWORD="$$(echo §)" postgres:17',
      'up: export DB_PASSWORD = §',
      'up:\n\tDB_PASSWORD=§ docker compose up',
    ],
  ],
  [
    unit,
    [
      'Environment=DB_PASSWORD=§',
      'Environment="DB_PASSWORD=§" "A=b"',
      "Environment='A=b' 'DB_PASSWORD=§'",
      'ExecStartPre=/usr/bin/docker run -e DB_PASSWORD=§ postgres:17',
      'ExecStartPre=/bin/sh -c "docker run -e DB_PASSWORD=${X:-§} postgres:17"',
      'ExecStartPre=-/usr/bin/docker login -u ci -p § registry.example.com',
      'SetCredential=db-password:§',
    ],
  ],
  [
    page,
    [
      '```sh\ndocker run -e DB_PASSWORD=§ postgres:17\n```',
      '```console\n$ docker run -e DB_PASSWORD="${P:-§}" postgres:17\n```',
      '    docker run -e DB_PASSWORD=§ postgres:17',
      'Run `docker run -e DB_PASSWORD=§ postgres:17`.',
      '```yaml\nservices:\n  db:\n    environment:\n      DB_PASSWORD: §\n```',
      '- `API_TOKEN`: `§`',
    ],
  ],
  [
    workflow,
    [
      '- run: ./deploy\n  env:\n    DB_PASSWORD: §',
      '- run: ./deploy\n  env:\n    DB_PASSWORD: "${{ secrets.DB_PASSWORD || \'§\' }}"',
      "- run: ./deploy\n  env:\n    DB_PASSWORD: ${{ inputs.x || '§' }}",
      '- run: export DB_PASSWORD=§ && ./deploy',
      '- run: |\n    export DB_PASSWORD="${X:-§}"\n    ./deploy',
      '- run: ./deploy --password §',
      '- run: docker run -e DB_PASSWORD=§ postgres:17',
      '- run: docker run -e DB_PASSWORD="$(echo §)" postgres:17',
      '- run: docker login -u ci -p § registry.example.com',
      '- run: echo "DB_PASSWORD=§" >> "$GITHUB_ENV"',
      '- run: curl -H "Authorization: Bearer §" https://api.example.com',
      '- uses: docker/login-action@v3\n  with:\n    username: ci\n    password: §',
      '- uses: docker/build-push-action@v6\n  with:\n    build-args: |\n      NPM_TOKEN=§',
      '- uses: actions/checkout@v4\n  with: {token: §}',
      '- uses: acme/deploy@main\n  with:\n    api-key: "§"',
    ],
  ],
  [
    job,
    [
      'env:\n  DB_PASSWORD: §',
      'container:\n  image: example.com/acme/build:1\n  credentials:\n    username: ci\n    password: §',
      'container:\n  image: example.com/acme/build:1\n  options: --privileged -e DB_PASSWORD=§',
      'services:\n  db:\n    image: postgres:17\n    env:\n      POSTGRES_PASSWORD: §',
      'services:\n  db:\n    image: mysql:8\n    options: >-\n      --health-cmd="mysqladmin ping -p§"',
      'defaults: {run: {shell: "bash -c TOKEN=§ {0}"}}',
    ],
  ],
  [
    pipeline,
    [
      'variables:\n  DB_PASSWORD: §',
      'variables:\n  DB_PASSWORD: {value: §, description: a}',
      'build:\n  image: alpine\n  variables: {NPM_TOKEN: §}\n  script: [make]',
      'build:\n  image: alpine\n  script:\n    - export DB_PASSWORD=${X:-§}',
      'build:\n  image: docker\n  services: ["docker:dind"]\n  script:\n    - docker login -u ci -p § $CI_REGISTRY',
      'build:\n  image: docker\n  script:\n    - docker run -e DB_PASSWORD=§ postgres:17',
      'build:\n  image: alpine\n  services:\n    - name: postgres:17\n      variables: {POSTGRES_PASSWORD: §}\n  script: [make]',
      'build:\n  image: alpine\n  before_script: ["git clone https://ci:§@git.example.com/a.git"]\n  script: [make]',
      'build:\n  image: alpine\n  script:\n    - |\n      curl --header "PRIVATE-TOKEN: §" https://api.example.com',
      'include:\n  - remote: https://ci:§@git.example.com/ci.yml',
    ],
  ],
  [
    policy,
    [
      'context:\n  - name: x\n    variable: {value: {password: §}}',
      'context:\n  - name: x\n    apiCall:\n      service: {url: "https://ci:§@api.example.com/check"}',
      'verifyImages:\n  - imageReferences: ["example.com/*"]\n    mutateDigest: false\n    imageRegistryCredentials: {password: §}',
      'validate:\n  message: "set the token: §"\n  pattern: {spec: {hostNetwork: "false"}}',
      'mutate:\n  patchStrategicMerge:\n    spec: {containers: [{name: web, env: [{name: DB_PASSWORD, value: §}]}]}',
      'preconditions:\n  all:\n    - {key: "{{ request.object.metadata.annotations.token || \'§\' }}", operator: Equals, value: a}',
    ],
  ],
  [
    values,
    [
      'auth:\n  password: §',
      'auth: {password: "§"}',
      'apiKey: §',
      'postgresql:\n  auth:\n    postgresPassword: §\n    database: app',
      'env:\n  - name: DB_PASSWORD\n    value: §',
      'extraArgs: ["--token", "§"]',
      'url: postgres://app:§@db/app',
      'config: |\n  [database]\n  password = §',
      'global:\n  adminPassword: &pw §\nother: *pw',
      'command: mysql -p§',
    ],
  ],
  [
    chart,
    [
      'env:\n  - name: DB_PASSWORD\n    value: {{ .Values.password | default "§" }}',
      'env:\n  - name: DB_PASSWORD\n    value: {{ default "§" .Values.password | quote }}',
      'env:\n  - name: X\n    value: {{ .Values.dbPassword | default "§" }}',
      'args: ["--token", "§", {{ .Values.x }}]',
      'env:\n  - name: DB_PASSWORD\n    value: "{{ coalesce .Values.a .Values.b "§" }}"',
      'env:\n  - name: DB_PASSWORD\n    value: §',
    ],
  ],
  [
    map,
    [
      'application.properties: |\n  spring.datasource.password=§\n  logging.file.path=/var/log/app',
      'application.properties: |\n  spring.datasource.password=${DB_PASSWORD:§}',
      'application.yml: |\n  spring:\n    datasource:\n      password: §\n  logging: {file: {path: /var/log/app}}',
      'start.sh: |\n  #!/bin/sh\n  export DB_PASSWORD=${X:-§}\n  mysql -p"$DB_PASSWORD" > /data/x',
      'my.cnf: |\n  [client]\n  password=§',
      'config.json: |\n  {"storage": {"path": "/data"}, "apiKey": "§"}',
      'settings.py: |\n  SECRET_KEY = os.environ.get("SECRET_KEY", "§")',
      'nginx.conf: |\n  proxy_set_header Authorization "Bearer §";',
      'DB_PASSWORD: §',
      'DB_PASSWORD: ${X:-§}',
      'DATABASE_URL: postgres://app:§@db/app',
      'grafana.ini: |\n  [security]\n  admin_password = §\n  [paths]\n  data = /data',
    ],
  ],
  [
    environment,
    ['DB_PASSWORD=§', 'DB_PASSWORD="§"', 'export DB_PASSWORD=§', 'DB_PASSWORD=${X:-§}', 'DB_PASSWORD = §', 'DATA_URL=s3://key:§@s3.example.com/data'],
  ],
  [
    properties,
    [
      'spring.datasource.password=§',
      'spring.datasource.password = §',
      'spring.datasource.password: §',
      'spring.datasource.password=${DB_PASSWORD:§}',
      'spring.datasource.url=jdbc:postgresql://app:§@db/app',
      'app.api-key=¶\\\n  ‡',
    ],
  ],
  [settings, ['spring:\n  datasource:\n    password: §', 'spring: {datasource: {password: "${DB_PASSWORD:§}"}}', 'app:\n  token: >-\n    §']],
  [
    configuration,
    [
      'exceptions:\n  - {rule: dockerfile/missing-user, path: Dockerfile, reason: "the password is §: see token=§"}',
      'trustedRegistries: ["https://ci:§@registry.example.com"]',
      'password: §',
      'rules:\n  dockerfile/missing-user: "token=§"',
      'images:\n  ci:§@registry.example.com/acme/web: Dockerfile',
      'kubernetesVersion: "password=§"',
    ],
  ],
  [
    bake,
    [
      'variable "NPM_TOKEN" {\n  default = "§"\n}',
      'target "base" {\n  args = {\n    NPM_TOKEN = "§"\n  }\n}',
      'target "base" {\n  args = { "NPM_TOKEN" = "${X}§" }\n}',
      'target "base" {\n  labels = { "api.token" = "§" }\n}',
    ],
  ],
]; // prettier-ignore

/** Credentials in all families, beside files that ask about them. */
export const planted: readonly Spelling[] = plants.flatMap(([around, templates], group) =>
  templates.map((text, i) => ({ ...filled(text, around.path, around.wrap, 1000 + 50 * group + i), beside: around.beside ?? {} })),
);
