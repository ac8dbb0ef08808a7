using System.Runtime.InteropServices;
using Understudy.Common;
using Understudy.Studies;
using Understudy.Training;

namespace Understudy.Cli;

/// <summary>The one place where an exception becomes a message of a line or two and an exit code.</summary>
internal static class Failure
{
    public static int Tell(Exception e, TextWriter error, bool verbose, string[] args)
    {
        var (code, text) = Explain(e, args, RunsFolder.Chosen);
        text = Human.Visible(text);
        error.WriteLine(code == CommandLine.Interrupted ? text : $"understudy: {text}");
        if (verbose) error.WriteLine(e);
        return code;
    }

    /// <summary>2 for what the caller can mend in the command or its files, 1 for what went wrong on the way, 130 for an interruption.</summary>
    /// <param name="runs">Where UNDERSTUDY_RUNS says that studies lie: an interrupted one is found again there only.</param>
    public static (int Code, string Text) Explain(Exception e, string[] args, string? runs = null) => e switch
    {
        StageException s => (s.Exit, s.Message),
        OperationCanceledException => (CommandLine.Interrupted, $"interrupted; resume with: {RunsText(args, runs)}{CommandText(args)}"),
        OptionException or ArgumentException => (CommandLine.Mistake, WithoutParameterName(e)),
        InvalidDataException => (CommandLine.Mistake, e.Message),
        FileNotFoundException f => (CommandLine.Mistake, f.FileName is null || f.Message.Contains(f.FileName, StringComparison.Ordinal)
            ? f.Message : $"{f.FileName}: not found"),
        DirectoryNotFoundException => (CommandLine.Mistake, e.Message),
        UnauthorizedAccessException => (CommandLine.Mistake, $"{e.Message.TrimEnd('.')}; give yourself access to it, or name another path"),
        IOException or TrainingDivergedException => (CommandLine.Failed, e.Message),
        DllNotFoundException or BadImageFormatException => (CommandLine.Failed, $"a native library does not load: {FirstLine(e.Message)}"),
        TypeInitializationException { InnerException: { } inner } => Explain(inner, args, runs),
        ExternalException => (CommandLine.Failed, $"libtorch: {FirstLine(e.Message)}"),
        OutOfMemoryException => (CommandLine.Failed, "out of memory; use a smaller batch or --jobs 1"),
        _ => (CommandLine.Failed, $"{e.GetType().Name}: {FirstLine(e.Message)} (run again with --verbose for all details)"),
    };

    /// <summary>The command as a shell takes it.</summary>
    public static string CommandText(string[] args) => string.Join(' ', args.Prepend("understudy").Select(Quoted));

    private static string RunsText(string[] args, string? runs) =>
        runs is null || args.FirstOrDefault(a => !a.StartsWith('-')) != "run" ? "" : $"{RunsFolder.Variable}={Quoted(runs)} ";

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_./=:,+@".Contains(c, StringComparison.Ordinal)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string WithoutParameterName(Exception e)
    {
        var at = e is ArgumentException { ParamName: not null } ? e.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal) : -1;
        return at < 0 ? e.Message : e.Message[..at];
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
