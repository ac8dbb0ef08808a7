using System.CommandLine;
using Understudy.Cli.Verbs.Bench;

namespace Understudy.Cli.Verbs;

/// <summary><c>understudy bench</c>: how fast this machine is at what Understudy does.</summary>
internal static class BenchVerb
{
    public static Command Create() => new("bench", """
        Measure how fast this machine trains, against its own rate for a convolution that suits it.

        Examples:
          understudy bench classify
        """)
    {
        BenchClassifyVerb.Create(),
    };
}
