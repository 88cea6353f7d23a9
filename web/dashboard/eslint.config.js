/** Lint rules: strict and type-checked TypeScript, the rules of hooks, and a wall around the pure live store. */
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // src/api/schema.ts is generated.
  { ignores: ['dist/', 'test-results/', 'playwright-report/', 'src/api/schema.ts'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    languageOptions: { globals: globals.browser },
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    // The live store and the outbox are state machines: clock, randomness, sockets and timers reach them only as arguments.
    files: ['src/live/{machine,topics,merge,frames,backoff,state,view}.ts', 'src/outbox/{entry,store,machine,request}.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['window', 'document', 'navigator', 'WebSocket', 'fetch', 'localStorage', 'setTimeout', 'setInterval', 'requestAnimationFrame', 'performance'].map(
          (name) => ({ name, message: 'This is a pure state machine: take it as an argument or hand out an effect.' }),
        ),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument.' },
      ],
      'no-restricted-imports': ['error', { patterns: ['react', 'react-*', 'zustand', 'zustand/*', '../app/*', '../ui/*', '../views/*'] }],
    },
  },
  {
    // What a measurement prints is its result.
    files: ['perf/**/*.ts', 'screens/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
