using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Understudy.Cli.Verbs;
using Understudy.Common;

namespace Understudy.Cli;

/// <summary>The whole command line: verbs, one per line, and the way from arguments to an exit code.</summary>
internal static class CommandLine
{
    public const int Done = 0, Failed = 1, Mistake = 2, Interrupted = 130;

    private const string Purpose = """
        Understudy learns a private, labelled set of face images, makes a synthetic stand-in for it, trains classifiers
        on both, and reports what the stand-in is worth.

        Start here:
          understudy run                      the built-in toy study: minutes, nothing to download
          understudy run studies/toy.yaml -n  what a study would do, and how long it would take
          understudy VERB --help              what a verb takes
        """;

    /// <summary>Full error details; understood by every verb.</summary>
    private static Option<bool> Verbose { get; } =
        new("--verbose") { Description = "Tell errors with all their details", Recursive = true };

    public static Command Create()
    {
        // A plain Command: a RootCommand takes its name from the file that runs it, which is not always `understudy`.
        var help = new HelpOption("--help", "-h", "-?") { Description = "Show what a verb is for and what it takes" };
        ((HelpAction)help.Action!).MaxWidth = 110;
        return new("understudy", Purpose)
        {
            RunVerb.Create(),
            DataVerb.Create(),
            GanVerb.Create(),
            GenerateVerb.Create(),
            ClassifyVerb.Create(),
            EvaluateVerb.Create(),
            DoctorVerb.Create(),
            ReportVerb.Create(),
            BenchVerb.Create(),
            RunsVerb.Create(),
            StageVerb.Create(),
            help,
            new VersionOption("--version") { Description = "Show the version" },
            Verbose,
        };
    }

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["help", .. var rest]) args = [.. rest, "--help"];
        var parsed = Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (args.Length == 0) parsed = Create().Parse(["--help"]);
        var asked = parsed.CommandResult.Command;
        asked.Description = HelpText.Flow(asked.Description ?? "");
        foreach (var verb in asked.Subcommands) verb.Description = HelpText.Summary(verb.Description ?? "");
        if (parsed.Action is not HelpAction && (parsed.Errors.Count > 0 || MistakenForArgument(parsed) is not null))
        {
            error.WriteLine($"understudy: {Explain(parsed)}");
            return Mistake;
        }
        // Help of the verb above would pass for an answer.
        if (parsed.Action is HelpAction && parsed.UnmatchedTokens.Count > 0)
        {
            error.WriteLine($"understudy: {Explain(parsed)}");
            return Mistake;
        }
        try
        {
            if (parsed.Action is not HelpAction) OutputFiles.Require(parsed);
            return parsed.Invoke(
                new()
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = output,
                    Error = error
                });
        }
        catch (Exception e)
        {
            return Failure.Tell(e, error, parsed.GetValue(Verbose), args);
        }
    }

    /// <summary>The first parse error with the nearest known word, or with the verbs to choose from.</summary>
    private static string Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = string.Join(' ', Path(parsed.CommandResult).Append("--help"));
        if ((MistakenForArgument(parsed) ?? (parsed.UnmatchedTokens is [var first, ..] ? first : null)) is { } word)
        {
            var known = Path(command).SelectMany(c => c.Options.Where(o => (c == command || o.Recursive) && !o.Hidden))
                .Select(o => o.Name)
                .Concat(command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)).ToList();
            var what = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "verb" : "argument";
            var near = Closest.To(word, known);
            return $"unknown {what} '{word}'{(near is null ? "" : $"; did you mean '{near}'?")} (see: {path})";
        }
        return $"{Unreadable(parsed.Errors[0]) ?? parsed.Errors[0].Message.TrimEnd('.')} (see: {path})";
    }

    /// <summary>
    /// A value that is no value of its option's type; null for another error. The parser would name the type as .NET does.
    /// </summary>
    private static string? Unreadable(ParseError error)
    {
        if (error.SymbolResult is not OptionResult { Option: var option, Tokens: [.., { Value: var value }] }) return null;
        if (!error.Message.StartsWith($"Cannot parse argument '{value}'", StringComparison.Ordinal)) return null;
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        var kind = type == typeof(ulong) ? "a whole number of 0 or more"
            : type == typeof(int) || type == typeof(long) ? "a whole number"
            : type == typeof(double) || type == typeof(float) ? "a number"
            : type == typeof(bool) ? "true or false"
            : null;
        return kind is null ? null : $"{option.Name}: '{value}' is not {kind}";
    }

    /// <summary>
    /// A mistyped option that the parser took for a file's name: what begins with a dash needs a "--" before it.
    /// </summary>
    private static string? MistakenForArgument(ParseResult parsed) =>
        parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash) ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
        .FirstOrDefault(v => v.Length > 1 && v[0] == '-');

    private static IEnumerable<Command> Path(Command command)
    {
        for (Symbol? s = command; s is Command c; s = s.Parents.FirstOrDefault()) yield return c;
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        (result.Parent is CommandResult p ? Path(p) : []).Append(result.Parent is null ? "understudy" : result.Command.Name);
}
