import { testColumn } from './table/test-cells.ts';

testColumn('process killed');
