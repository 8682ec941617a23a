import { Argument, type Command } from 'commander';

const SHELLS = ['bash', 'zsh'] as const;

/** Adds `dibs completion`. The script is generated from the commands, so it knows all of them. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print the completion script for your shell: source <(dibs completion bash)')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => {
      console.log(shell === 'bash' ? bash(program) : `${ZSH}\n${bash(program)}`);
    });
}

/** Lets zsh use the completion script of bash. */
const ZSH = 'autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit';

function bash(program: Command): string {
  const cases = pathsOf(program).map(
    ({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`,
  );
  return `_dibs() {
  local word path='' words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in -*) continue ;; esac
    case " ${commandPaths(program).join(' ')} " in *" $path/$word "*) path="$path/$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
    *) words='' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _dibs dibs`;
}

interface Path {
  /** The command, such as `/run/why`. Empty for dibs itself. */
  readonly path: string;
  /** The words that may come next. */
  readonly words: readonly string[];
}

function pathsOf(command: Command, path = ''): Path[] {
  const options = command.options.flatMap(({ long }) => long ?? []);
  const names = command.commands.map((one) => one.name());
  const below = command.commands.flatMap((one) => pathsOf(one, `${path}/${one.name()}`));
  return [{ path, words: [...names, ...options, '--help'] }, ...below];
}

const commandPaths = (program: Command): string[] =>
  pathsOf(program).flatMap(({ path }) => (path === '' ? [] : path));
