/** Writes src/api/schema.ts from the document that `hub openapi` prints; with --check only says whether it is stale. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import openapiTS, { astToString } from 'openapi-typescript';

const dashboard = join(import.meta.dirname, '..');
const target = join(dashboard, 'src/api/schema.ts');
const hub = process.env['HUB_BIN'] ?? join(dashboard, '../../target/debug/hub');
const HEAD = '/** The types of the REST and live API, made from the OpenAPI document of the hub by `npm run types`; not to be edited. */\n';

const document = JSON.parse(execFileSync(hub, ['openapi'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
const types = HEAD + astToString(await openapiTS(document, { alphabetize: true, emptyObjectsUnknown: true }));

if (!process.argv.includes('--check')) {
  writeFileSync(target, types);
} else if (readFileSync(target, 'utf8') !== types) {
  process.stderr.write('src/api/schema.ts is not what the OpenAPI document says: run `npm run types` and commit it\n');
  process.exitCode = 1;
}
