/** Vite plug-in: the build fails if what a browser must load before the first view grows beyond its budget. */
import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** Scripts and style sheets of the entry, compressed as they travel. */
export function initialBudget(limitBytes: number): Plugin {
  return {
    name: 'initial-budget',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const needed = initialFiles(bundle);
      const sizes = needed.map((name) => ({ name, bytes: compressedSize(bundle[name]) }));
      const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
      if (needed.length === 0) this.error('the build has no entry whose size could be checked');
      const list = sizes.map(({ name, bytes }) => `${name} ${kilobytes(bytes)}`).join(', ');
      if (total > limitBytes) this.error(`the initial bundle has ${kilobytes(total)}, the limit is ${kilobytes(limitBytes)}: ${list}`);
      this.info(`initial bundle ${kilobytes(total)} of ${kilobytes(limitBytes)} gzipped`);
    },
  };
}

/** The entry, everything it imports statically, and the style sheets of these. */
export function initialFiles(bundle: Rolldown.OutputBundle): string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const file = bundle[name];
    if (file === undefined || seen.has(name)) return;
    seen.add(name);
    if (file.type !== 'chunk') return;
    for (const other of [...file.imports, ...(file.viteMetadata?.importedCss ?? [])]) visit(other);
  };
  for (const [name, file] of Object.entries(bundle)) if (file.type === 'chunk' && file.isEntry) visit(name);
  return [...seen];
}

function compressedSize(file: Rolldown.OutputBundle[string] | undefined): number {
  if (file === undefined) return 0;
  return gzipSync(file.type === 'chunk' ? file.code : file.source).length;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
