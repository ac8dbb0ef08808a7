using System.CommandLine;

namespace Understudy.Cli.Verbs;

internal static class RunVerb
{
    public static Command Create() => new Command("run", "Run a study: data, generators, synthetic sets, classifiers, evaluation, report").Does(_ => 0);
}
