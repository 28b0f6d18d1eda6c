import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Things a rule of the law must not know: the clock and chance. It gets days and months as values. */
const pureDomain = {
  'no-restricted-globals': [
    'error',
    { name: 'Date', message: 'domain/ works on LocalDate, Month and instants given to it.' },
    { name: 'setTimeout', message: 'domain/ does not wait.' },
    { name: 'setInterval', message: 'domain/ does not wait.' },
    { name: 'process', message: 'domain/ does not read its environment.' },
    { name: 'fetch', message: 'domain/ does no input or output.' },
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'domain/ is deterministic.' },
    { object: 'crypto', property: 'randomUUID', message: 'domain/ is deterministic.' },
  ],
};

export default tseslint.config(
  {
    ignores: ['dist/', 'dist-faults*/', '.data/', 'coverage/', 'console/', 'node_modules/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      'max-params': 'off',
      '@typescript-eslint/max-params': ['error', { max: 6 }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      // DTO classes and Nest's option classes are shapes: an object literal of the shape is what is wanted.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: false, allowNullish: false },
      ],
      // Money is a branded bigint, which this rule does not recognise; the compiler refuses -text by itself.
      '@typescript-eslint/no-unsafe-unary-minus': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  { files: ['src/**/domain/**/*.ts'], rules: pureDomain },
  {
    // The hot path and the books are written as set-based SQL; saving entity by entity was measured at
    // a fiftieth of the speed and reads before it writes, so it also races.
    files: ['src/claims/**/*.ts', 'src/ledger/**/*.ts', 'src/benefits/**/*.ts', 'src/payment/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='save']",
          message: 'No entity save() here: write one parametrised SQL statement.',
        },
      ],
    },
  },
  {
    // supertest bodies are `any` by nature; a describe() block is long by nature.
    files: ['test/**/*.ts', 'src/**/*.spec.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        AbortSignal: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
    },
  },
  prettier,
);
