using System.CommandLine;

namespace Understudy.Cli.Verbs;

internal static class ReportVerb
{
    public static Command Create() => new Command("report", "Build a study's report anew from its files").Does(_ => 0);
}
