import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/*
 * v1 rendered straight into the web server's folder:
 *
 *   await writeFile('/var/www/newsletter/index.html', html)
 *   await writeFile('/var/www/newsletter/plain.txt', plain)
 *
 * The web server now fetches from us.
 */

/**
 * @param {string} markup
 * @returns {string}
 * @example
 *   await writeFile('/usr/share/newsletter/plain.txt', toPlain(html))
 */
const toPlain = (markup) => markup.replace(/<[^<>]*>/g, '').trim()

const spool = fileURLToPath(new URL('../spool/', import.meta.url))

const issue = JSON.parse(await readFile(new URL('./issue.json', import.meta.url), 'utf8'))
const html = `<h1>${issue.title}</h1>\n${issue.items.map((item) => `<p>${item}</p>`).join('\n')}\n`

await mkdir(spool, { recursive: true })
await Promise.all([
  writeFile(spool + 'index.html', html),
  writeFile(spool + 'plain.txt', toPlain(html) + '\n'),
])

console.log('issue', issue.number, 'is in the spool')
