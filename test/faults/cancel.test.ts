import { testRow } from './test-cells.ts';

testRow('cancel');
