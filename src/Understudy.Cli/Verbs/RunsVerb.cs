using System.CommandLine;

namespace Understudy.Cli.Verbs;

internal static class RunsVerb
{
    public static Command Create() => new Command("runs", "List or clean what studies left on the disk").Does(_ => 0);
}
