// A mutation whose text has changed in its file breaks no guard and proves nothing.
const LIST = /^scripts\/mutations\/[\w-]+\.json$/;

export function checkMutationSnippets(repository) {
  return repository.files
    .filter((file) => LIST.test(file))
    .flatMap((place) => {
      const mutations = JSON.parse(repository.read(place));
      const faults = mutations.flatMap((mutation, index) =>
        faultsOf(repository, mutation, mutations.slice(0, index)).map(
          (fault) => `"${mutation.guard}": ${fault}`,
        ),
      );
      if (mutations.length === 0) faults.push("lists no mutation");
      return faults.map((what) => ({ rule: "stale mutation", place, what }));
    });
}

function faultsOf(repository, { guard, file, text, replacement, test }, before) {
  const faults = [];
  if (before.some((other) => other.guard === guard)) faults.push("its guard is listed twice");
  if (replacement === text) faults.push("its replacement changes nothing");
  if (!repository.has(test)) faults.push(`${test} is not there`);
  if (!repository.has(file)) return [...faults, `${file} is not there`];
  const times = repository.read(file).split(text).length - 1;
  if (times !== 1) faults.push(`its text stands ${times} times in ${file}, expected once`);
  return faults;
}
