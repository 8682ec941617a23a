import { testColumn } from './test-cells.ts';

testColumn('process killed');
