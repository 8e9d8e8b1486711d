import type { TestExpression, Word } from 'unbash';
import type { ShellWord } from './types';

/**
 * Makes the words of `[[ ]]`, in order of place.
 * @param operand is given those that are no pattern
 */
export function walkTest(test: TestExpression, word: (raw: Word) => ShellWord, operand: (word: ShellWord) => void): void {
  switch (test.type) {
    case 'TestUnary':
      operand(word(test.operand));
      break;
    case 'TestBinary': {
      operand(word(test.left));
      const right = word(test.right);
      if (!/^(?:==?|!=|=~)$/.test(test.operator)) operand(right);
      break;
    }
    case 'TestLogical':
      for (const each of test.operands) walkTest(each, word, operand);
      break;
    case 'TestNot':
      walkTest(test.operand, word, operand);
      break;
    case 'TestGroup':
      walkTest(test.expression, word, operand);
      break;
  }
}
