/** Vite plug-in: gives the build a version, the hash of all it consists of, in the page itself and in `version.json` beside it. */
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

export function buildVersion(): Plugin {
  return {
    name: 'build-version',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const hash = createHash('sha256');
      for (const name of Object.keys(bundle).sort()) {
        const file = bundle[name];
        if (file !== undefined) hash.update(name).update('\0').update(file.type === 'chunk' ? file.code : file.source);
      }
      const version = hash.digest('hex').slice(0, 16);
      const index = bundle['index.html'];
      if (index?.type !== 'asset') this.error('the build has no index.html to write its version into');
      const html = typeof index.source === 'string' ? index.source : new TextDecoder().decode(index.source);
      index.source = html.replace('</head>', `  <meta name="version" content="${version}" />\n  </head>`);
      this.emitFile({ type: 'asset', fileName: 'version.json', source: `${JSON.stringify({ version })}\n` });
    },
  };
}
