import { describe, expect, test } from 'vitest';
import { homeKeeper, packageScriptsRun, startedTool } from '../../../shared/src/knowledge/started-tools';
import { interpreterOf } from '../../../shared/src/syntax/shell/interpreter';
import { mappedSlice } from '../../../shared/src/syntax/shell/mapped-text';
import { parseScript } from '../../../shared/src/syntax/shell/script';

const doesOf = (text: string): string | null =>
  parseScript(mappedSlice(text, 0), interpreterOf(['sh']))
    .commands.map(startedTool)
    .find(tool => tool !== null)?.does ?? null;

const sources = 'writes files next to the sources that it runs from';
const database = 'migrates a database, which may be a file next to the sources';
const packages = 'installs packages when it starts';

// What commands do at the start of an image that another user than root may not be able to.
describe('what starts an image', () => {
  test.each<[string, string | null]>([
    ['react-scripts start', sources],
    ['npx vite --host', sources],
    ['npx --yes next dev', sources],
    ['next start', null],
    ['nest start', sources],
    ['cross-env NODE_ENV=production nest start', sources],
    ['npm run build && npm start', sources],
    ['npm start', null],
    ['node server.js', null],
    ['tsc && node dist/index.js', sources],
    ['bundle exec jekyll serve', sources],
    ['hugo server --bind 0.0.0.0', sources],
    ['go run ./cmd/web', sources],
    ['./mvnw spring-boot:run', sources],
    ['mix phx.server', sources],
    ['celery -A shop beat', sources],
    ['python -m celery -A shop worker -B', sources],
    ['celery -A shop beat -s /tmp/schedule', null],
    ['celery -A shop beat --scheduler django_celery_beat.schedulers:DatabaseScheduler', null],
    ['celery -A shop worker', null],
    ['php bin/console cache:warmup', sources],
    ['php artisan config:cache', sources],
    ['python manage.py migrate', database],
    ['alembic upgrade head', database],
    ['migrate -path ./migrations -database $URL up', database],
    ['./migrate && ./server', null],
    ['flask db upgrade', database],
    ['npx prisma migrate deploy', database],
    ['knex migrate:latest', database],
    ['php bin/console doctrine:migrations:migrate', database],
    ['flask --app shop init-db', database],
    ['pip install -r requirements.txt && python app.py', packages],
    ['npm ci && npm start', packages],
    ['composer install', packages],
    ['make run', 'runs make, whose recipes may write files next to the sources'],
    ['gunicorn shop:app', null],
    ['uvicorn shop:app --host 0.0.0.0', null],
    ['java -jar app.jar', null],
  ])('%s', (text, expected) => {
    expect(doesOf(text)).toBe(expected);
  });

  test.each<[string, string | null]>([
    ['pm2-runtime server.js', 'pm2-runtime'],
    ['streamlit run app.py', 'streamlit'],
    ['npx http-server', 'npx'],
    ['npm start', null],
  ])('at home: %s', (text, expected) => {
    expect(homeKeeper(text.split(' '), () => false)).toBe(expected);
    expect(homeKeeper(text.split(' '), () => true)).toBeNull();
  });

  test.each<[string, string[]]>([
    ['npm start', ['start']],
    ['npm run --silent serve', ['serve']],
    ['yarn serve', ['serve']],
    ['pnpm run build', ['build']],
    ['yarn install', []],
    ['npm ci', []],
    ['bun index.ts', []],
    ['node server.js', []],
  ])('scripts of package.json: %s', (text, expected) => {
    expect(packageScriptsRun(text.split(' '))).toEqual(expected);
  });
});
