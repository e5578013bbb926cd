// A mutation whose text has changed in its file breaks no guard and proves nothing.
const LIST = /^scripts\/mutations\/[\w-]+\.json$/;

export function checkMutationSnippets(repository) {
  return repository.files
    .filter((file) => LIST.test(file))
    .flatMap((list) =>
      JSON.parse(repository.read(list)).flatMap((mutation) =>
        faultsOf(repository, mutation).map((fault) => ({
          rule: "stale mutation",
          place: list,
          what: `"${mutation.guard}": ${fault}`,
        })),
      ),
    );
}

function faultsOf(repository, { file, text, test }) {
  const faults = [];
  if (!repository.has(test)) faults.push(`${test} is not there`);
  if (!repository.has(file)) return [...faults, `${file} is not there`];
  const times = repository.read(file).split(text).length - 1;
  if (times !== 1) faults.push(`its text stands ${times} times in ${file}, expected once`);
  return faults;
}
