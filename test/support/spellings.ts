import { code, noise } from './secrets';

// The values are made when the tests run: no file of the project holds what a scanner takes for a secret.

/** A file with a credential in it that may stand in no output. */
export interface Spelling {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** What may be found nowhere. */
  readonly pieces: readonly string[];
  /** Files that have others ask about it. */
  readonly beside?: Readonly<Record<string, string>>;
}

const small = 'abcdefghijkmnpqrstuvwxyz23456789';

/** `§` stands for the value, `¶` for its first half and `‡` for the rest of it, `⁋` for its base 64. */
function fill(template: string, value: string): string {
  return template.replaceAll('§', value).replaceAll('¶', value.slice(0, 8)).replaceAll('‡', value.slice(8)).replaceAll('⁋', code(value));
}

/** A text with its lines further to the right. */
export const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
const dockerfile = (lines: string): string => `FROM alpine:3.22\n${lines}\n`;
const container = (lines: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: alpine:latest\n${indent(lines, 6)}\n`;
const object = (kind: string, lines: string): string => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: web\n${lines}\n`;

const dockerfiles: readonly string[] = [
  // ENV, ARG, LABEL: quoting, continuation, unfinished
  'ENV MYSQL_PASSWORD="§',
  "ENV MYSQL_PASSWORD='§",
  'ENV MYSQL_PASSWORD=§',
  'ENV MYSQL_PASSWORD §',
  'ENV MYSQL_PASSWORD "§"',
  "ENV MYSQL_PASSWORD='§'",
  'ENV A=b MYSQL_PASSWORD="§" C=d',
  'ENV A=b \\\n    MYSQL_PASSWORD=§ \\\n    C=d',
  'ENV MYSQL_PASSWORD=\\\n§',
  'ENV MYSQL_PASSWORD=¶\\\n‡',
  'ENV MYSQL_PASSWORD="¶\\\n‡"',
  'ENV MYSQL_PASSWORD=§"',
  'ENV MYSQL_PASSWORD=¶"‡"',
  'ENV DB_PASSWORD=${DB_PASSWORD:-§}',
  'env github_token=§',
  'ENV AWS_SECRET_ACCESS_KEY=§',
  'ENV apiKey=§ other',
  'ENV DATABASE_URL=postgres://app:§@db.example.com:5432/app',
  'ENV REDIS_URL="redis://:§@cache.example.com/0"',
  'ENV DSN=app:§@tcp(db.example.com:3306)/app',
  'ENV CONNECTION="Server=db;User Id=sa;Pwd=§;"',
  'ENV JDBC=jdbc:sqlserver://db.example.com;user=sa;password=§;encrypt=true',
  'ARG NPM_TOKEN=§',
  'ARG NPM_TOKEN="§',
  'LABEL password="§"',
  'LABEL api.key=§',
  'ONBUILD ENV SECRET_KEY=§',
  '# password: §\nUSER root',
  // commands with options, by name
  'CMD mysql --password=§',
  'CMD mysql --password §',
  'CMD mysql --password="§"',
  "CMD mysql --password='§",
  'CMD ["mysql", "--password=§"]',
  'CMD ["mysql", "--password", "§"]',
  'CMD ["mysql","--password","§"',
  "CMD ['mysql', '--password', '§']",
  'CMD ["sh", "-c", "mysql --password=§"]',
  'ENTRYPOINT app --api-key=§',
  'ENTRYPOINT app --api-key §',
  'ENTRYPOINT ["app", "--api-key",\\\n "§"]',
  'ENTRYPOINT ["java", "-Dspring.datasource.password=§", "-jar", "app.jar"]',
  'CMD app -password §',
  'CMD app --auth-token=§ --verbose',
  'CMD redis-server --requirepass §',
  'HEALTHCHECK CMD curl -u admin:§ http://localhost/',
  'HEALTHCHECK --interval=1s CMD mysqladmin ping -p§',
  'RUN sudo app \\\n  --token \\\n  §',
  'RUN helm install x --set auth.password=§',
  'RUN docker run -e DB_PASSWORD=§ alpine',
  'RUN docker build --build-arg TOKEN=§ .',
  'RUN kubectl create secret generic x --from-literal=value=§',
  'RUN keytool -genkey -storepass § -keypass §',
  // short options
  'CMD mysql -p§',
  'CMD ["mysql", "-p§"]',
  'RUN mysql -u root -p"§" app',
  'RUN mysqldump -uroot -p§ app > /dump',
  'RUN sshpass -p § ssh a@host.example.com',
  "RUN sshpass -p'§' ssh a@host.example.com",
  'RUN docker login -u ci -p § registry.example.com',
  'RUN podman login -u ci --password § registry.example.com',
  'RUN skopeo copy --src-creds ci:§ docker://a.example.com/b dir:/x',
  'RUN curl -u ci:§ https://files.example.com/a',
  'RUN curl -uci:§ https://files.example.com/a',
  'RUN curl --user "ci:§" https://files.example.com/a',
  'RUN curl --user \\\n    ci:§ https://files.example.com/a',
  'RUN wget --http-password=§ https://files.example.com/a',
  'RUN http -a ci:§ https://files.example.com/a',
  'RUN redis-cli -a § ping',
  'RUN ldapsearch -x -w § -b dc=x',
  'RUN sqlcmd -S db -U sa -P § -Q "select 1"',
  'RUN smbclient //host/share -U ci%§',
  'RUN htpasswd -bc /etc/htpasswd admin §',
  'RUN useradd -p § app',
  'RUN openssl enc -aes-256-cbc -k § -in a',
  'RUN openssl rsa -passin pass:§ -in a',
  'RUN unzip -P § a.zip',
  'RUN ssh-keygen -N § -f id',
  'RUN mongosh -u root -p § db',
  // standard input, files
  'RUN echo "root:§" | chpasswd',
  'RUN echo root:§ | sudo chpasswd',
  'RUN chpasswd <<< "root:§"',
  'RUN chpasswd <<EOF\nroot:§\nEOF',
  'RUN echo § | docker login -u ci --password-stdin registry.example.com',
  'RUN printf "§\\n§\\n" | passwd root',
  'RUN echo "machine host.example.com login ci password §" > /root/.netrc',
  'RUN echo "//registry.example.com/:_authToken=§" > .npmrc',
  'RUN npm config set //registry.example.com/:_authToken §',
  'RUN aws configure set aws_secret_access_key §',
  'RUN vault login §',
  'RUN git config --global http.extraheader "Authorization: Bearer §"',
  'RUN git clone https://ci:§@git.example.com/a/b',
  'RUN pip install --index-url https://ci:§@pip.example.com/simple a',
  "RUN mysql -e \"CREATE USER a IDENTIFIED BY '§'\"",
  'COPY <<EOF /app/config.ini\npassword = §\nEOF',
  'COPY <<EOF /app/config.json\n{"token": "§"}\nEOF',
  'ADD https://ci:§@files.example.com/a.tgz /a',
  'ADD https://files.example.com/a.tgz?access_token=§ /a',
  // headers and requests
  'RUN curl -H "Authorization: Bearer §" https://api.example.com',
  "RUN curl -H 'Authorization: token §' https://api.example.com",
  'RUN curl -H "X-Api-Key: §" https://api.example.com',
  'RUN curl --header "PRIVATE-TOKEN: §" https://api.example.com',
  'RUN curl -H "Cookie: session=§" https://api.example.com',
  'RUN curl "https://api.example.com/?token=§&x=1" | sh',
  "RUN curl -d '{\"password\":\"§\"}' https://api.example.com",
  'RUN curl -d "{\\"password\\":\\"§\\"}" https://api.example.com',
  'RUN curl -F password=§ https://api.example.com',
  // shells
  'RUN export TOKEN=§ && ./run',
  'RUN TOKEN="§" ./run',
  'RUN PGPASSWORD=§ psql -h db',
  'RUN psql "host=db user=a password=§"',
  'SHELL ["bash", "-c", "TOKEN=§"]',
]; // prettier-ignore

const containers: readonly string[] = [
  'args: ["--token", "§"]',
  'args: [--token, §]',
  'args:\n  - --token\n  - §',
  "args:\n  - '--token'\n  # of the service\n  - '§'",
  'args:\n  - --token=§',
  'args: ["--db-password=§"]',
  'args: ["-u", "root", "-p§"]\ncommand: [mysql]',
  'command: [mysql, "-p§"]',
  'command: ["sh", "-c", "curl -u ci:§ https://api.example.com"]',
  'command:\n  - sh\n  - -c\n  - |\n    export API_KEY=§\n    exec app',
  'command:\n  - redis-cli\n  - -a\n  - §',
  'env:\n  - name: DB_PASSWORD\n    value: §',
  'env:\n  - name: DB_PASSWORD\n    value: "§"',
  "env:\n  - name: DB_PASSWORD\n    value: '§",
  'env:\n  - value: §\n    name: DB_PASSWORD',
  'env:\n  - {name: DB_PASSWORD, value: §}',
  'env: [{"name": "DB_PASSWORD", "value": "§"}]',
  'env:\n  - name: DB_PASSWORD\n    value: |\n      §',
  'env:\n  - name: DB_PASSWORD\n    value: >-\n      §',
  'env:\n  - name: DB_PASSWORD\n    value: !!str §',
  'env:\n  - name: DB_PASSWORD\n    value: &pw §',
  'env:\n  - name: DATABASE_URL\n    value: postgres://a:§@db/a',
  'env:\n  - name: SPRING_OPTS\n    value: -Dpassword=§',
  'livenessProbe:\n  exec:\n    command: [mysqladmin, ping, -p§]',
  'livenessProbe:\n  httpGet:\n    port: 80\n    httpHeaders:\n      - name: Authorization\n        value: Bearer §',
  'livenessProbe:\n  httpGet:\n    port: 80\n    path: /health?token=§',
  'lifecycle:\n  postStart:\n    exec:\n      command: ["sh", "-c", "mysql --password=§"]',
]; // prettier-ignore

const objects: readonly (readonly [kind: string, lines: string])[] = [
  ['Secret', 'stringData:\n  value: §'],
  ['Secret', 'stringData:\n  value: "§"'],
  ['Secret', "stringData:\n  value: '§"],
  ['Secret', 'stringData: {value: §}'],
  ['Secret', 'stringData:\n  value: |\n    §'],
  ['Secret', 'stringData:\n  app.properties: |\n    user=a\n    password=§\n    other=b'],
  ['Secret', 'data:\n  value: ⁋'],
  ['Secret', 'data: {"value": "⁋"}'],
  ['ConfigMap', 'data:\n  password: §'],
  ['ConfigMap', 'data:\n  app.yaml: |\n    database:\n      password: §'],
  ['ConfigMap', 'data:\n  app.json: |\n    {"apiKey": "§"}'],
  ['ConfigMap', 'data:\n  url: https://a:§@files.example.com'],
  ['Pod', '  annotations:\n    example.com/token: §\nspec: {containers: [{name: a, image: a}]}'],
  ['Pod', '  labels:\n    password: §\nspec: {containers: [{name: a, image: a}]}'],
]; // prettier-ignore

/** A credential in the place of the signs of a template. */
export function filled(template: string, path: string, wrap: (lines: string) => string, seed: number): Spelling {
  const value = `w${noise(6, small, seed)}-${noise(8, small, seed + 1000)}`;
  const pieces = [
    value,
    ...(template.includes('¶') ? [value.slice(0, 8), value.slice(8)] : []),
    ...(template.includes('⁋') ? [code(value)] : []),
  ];
  return { name: template, path, text: wrap(fill(template, value)), pieces };
}

/** One file for each spelling of a credential: names, options, formats, places, quoting, continued and unfinished lines. */
export const spellings: readonly Spelling[] = [
  ...dockerfiles.map((template, i) => filled(template, 'Dockerfile', dockerfile, i)),
  ...containers.map((template, i) => filled(template, 'pod.yaml', container, 200 + i)),
  ...objects.map(([kind, template], i) => filled(template, 'object.yaml', lines => object(kind, lines), 300 + i)),
  ...dockerfiles
    .slice(0, 8)
    .map((template, i) => filled(template, 'Dockerfile', lines => dockerfile(lines).replaceAll('\n', '\r\n'), 400 + i)),
];

/** Texts of the same kinds that give nothing away: no mask may stand in them. */
export const innocents: readonly (readonly [path: string, text: string])[] = [
  ...[
    'FROM registry.example.com/team/secret-store:1.2.3',
    'FROM postgres:17@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'ENV POSTGRES_PASSWORD=app',
    'ENV POSTGRES_PASSWORD=changeme',
    'ENV POSTGRES_PASSWORD=postgres',
    'ENV DB_PASSWORD=$DB_PASSWORD',
    'ENV DB_PASSWORD="${DB_PASSWORD}"',
    'ENV DB_PASSWORD_FILE=/run/secrets/db_password',
    'ENV TOKEN_TTL=86400',
    'ENV PASSWORD_MIN_LENGTH=12',
    'ENV AUTH_URL=https://auth.example.com/realms/main',
    'ENV TOKEN_ENDPOINT=https://auth.example.com/token',
    'ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568',
    'ENV SSH_AUTH_SOCK=/run/agent.sock',
    'ENV KEYBOARD=english AUTHOR=somebody',
    'ARG NPM_TOKEN',
    'ARG API_KEY=<your-api-key>',
    'RUN --mount=type=secret,id=npmtoken,target=/root/.npmrc npm ci',
    'RUN mkdir -p /var/lib/application && cp -p a b',
    'RUN docker run -p 127.0.0.1:18080:80 alpine',
    'RUN ssh -p 222222 host.example.com',
    'RUN useradd -u 1000660000 application',
    'RUN curl -u "$USER:$PASSWORD" https://files.example.com/a',
    'RUN echo "$PASSWORD" | docker login -u ci --password-stdin registry.example.com',
    'RUN docker login -u ci -p $TOKEN registry.example.com',
    'RUN apt-key adv --keyserver keyserver.example.com --recv-keys',
    'RUN test -n "$TOKEN" || echo "token is required"',
    'RUN curl -H "Authorization: Bearer ${TOKEN}" https://api.example.com',
    'RUN echo "Enter password: " && read -r answer',
    'RUN echo "deb [signed-by=/usr/share/keyrings/example.gpg] https://apt.example.com stable main" | sudo tee /etc/apt/sources.list.d/example.list',
    'RUN git clone https://github.com/example/token-service',
    'COPY --chown=application:application password-reset.html /srv/',
    'CMD ["app", "--token-file", "/run/secrets/token"]',
    'CMD ["app", "--password", "$(PASSWORD)"]',
    'HEALTHCHECK CMD curl -f http://localhost:8080/healthz',
    'EXPOSE 15432',
    '# the password: see the handbook of the team',
    'ENV DB_PASSWORD=${DB_PASSWORD:?set DB_PASSWORD in production1}',
    'ENV DB_PASSWORD=${X:-$Y} TOKEN=${X:+${Y}}',
    'RUN export API_TOKEN=$(cat /run/secrets/api1-token) && ./run',
    'RUN TOKEN=$(aws ecr get-login-password --region eu-west-1) ./run',
    'RUN PASSWORD=$(openssl rand -hex 16) && ./run --config1 "$PASSWORD"',
    'RUN NPM_TOKEN=`cat token1.txt` ./build-static1.sh',
  ].map(line => ['Dockerfile', dockerfile(line)] as const),
  ...[
    'env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef: {name: database-login, key: password}',
    'env:\n  - name: DB_PASSWORD\n    value: $(DATABASE_PASSWORD)',
    'env:\n  - name: POSTGRES_PASSWORD\n    value: app',
    'env:\n  - name: LOG_LEVEL\n    value: information',
    'env:\n  - name: API_KEY\n    value: <API_KEY>\n  - name: LOG_LEVEL1\n    value: information',
    'env:\n  - name: DB_PASSWORD\n    value: "{{ .Values.password | quote }}"',
    'env:\n  - name: DB_PASSWORD\n    value: {{ index .Values.auth "db-password1" | required "set auth.password1" }}',
    'env:\n  - name: DB_PASSWORD\n    value: {{ include "web1.password2" . | b64enc }}',
    'env:\n  - name: X\n    value: {{ $secret := lookup "v1" "Secret" "ns1" "web1-login2" }}',
    'args: ["--token", "$(TOKEN)"]',
    'args: ["--secure-port=10250", "--authentication-token-webhook=true"]',
    'image: registry.example.com/keys/password-service:1.2.3',
    'securityContext: {runAsUser: 1000660000}',
    'volumeMounts:\n  - name: token-volume\n    mountPath: /var/run/secrets/tokens',
  ].map(lines => ['pod.yaml', container(lines)] as const),
  ...[
    ['Pod', 'spec:\n  automountServiceAccountToken: false\n  tolerations:\n    - key: node-role.kubernetes.io/control-plane\n  imagePullSecrets:\n    - name: registry-login'],
    ['Ingress', 'spec:\n  tls:\n    - secretName: shop-certificate'],
    ['Secret', 'stringData:\n  username: admin\n  host: db.example.com\n  password: ""'],
    ['Secret', 'stringData:\n  password: "{{ .Values.password }}"'],
    ['ConfigMap', 'data:\n  tokenizer: wordpiece\n  passthrough: enabled\n  keepalive: 75-seconds'],
    ['ServiceAccount', 'secrets:\n  - name: build-robot-secret'],
    ['Pod', 'spec: {"secrets": [{"source": "database1", "target": "login2"}], "imagePullSecrets": ["registry-login"]}'],
  ].map(([kind, lines]) => ['object.yaml', object(kind!, lines!)] as const),
]; // prettier-ignore
