using Understudy.Cli;

namespace Understudy.Tests.Cli;

/// <summary>The command line, in this process.</summary>
internal static class CommandRun
{
    public static (int Code, string Output, string Error) Of(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        var code = CommandLine.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>What a command prints that has to succeed.</summary>
    public static string Done(params string[] args)
    {
        var (code, output, error) = Of(args);
        Assert.True(code == CommandLine.Done, error);
        return output;
    }
}
