/** Reads the source of the dashboard for its texts: which keys it uses, and what it says without one. For tests only. */
import ts from 'typescript';

export type Found = {
  /** Literal keys, and patterns of keys that are put together (`state.${…}` → `state.*`). */
  keys: Set<string>;
  /** Visible text that no key stands behind, with its place. */
  bare: string[];
};

/** Attributes that people read or hear. */
const SPOKEN = new Set(['title', 'placeholder', 'alt', 'label', 'aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext']);
const WORD = /\p{L}/u;
const HOLE = '*';

/** `allowed` texts are the same in every language (a sign, a name). */
export function readSource(name: string, text: string, allowed: (text: string) => boolean): Found {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const found: Found = { keys: new Set(), bare: [] };
  const report = (node: ts.Node, said: string) => {
    if (!WORD.test(said) || allowed(said.trim())) return;
    found.bare.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${said.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) report(node, node.text);
    if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression !== undefined) for (const said of sayings(node.expression)) report(node, said);
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer !== undefined) {
      const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (value !== undefined) for (const said of sayings(value)) report(node, said);
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) found.keys.add(pattern(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** What an expression may put on the screen as it stands in the source: its literals, through conditions and concatenations. */
function sayings(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  if (ts.isParenthesizedExpression(node)) return sayings(node.expression);
  if (ts.isConditionalExpression(node)) return [...sayings(node.whenTrue), ...sayings(node.whenFalse)];
  if (ts.isBinaryExpression(node)) {
    const kind = node.operatorToken.kind;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return sayings(node.right);
    if (kind === ts.SyntaxKind.PlusToken || kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken) return [...sayings(node.left), ...sayings(node.right)];
  }
  return [];
}

function pattern(node: ts.StringLiteralLike | ts.TemplateExpression): string {
  return ts.isTemplateExpression(node) ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(HOLE) : node.text;
}

/** Whether a string of the source stands for this key. */
export function stands(keyPattern: string, key: string): boolean {
  const parts = keyPattern.split(HOLE);
  if (parts.length === 1) return keyPattern === key;
  // What names nothing at its start would stand for everything.
  if (parts[0] === '') return false;
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^.]+')}$`).test(key);
}
