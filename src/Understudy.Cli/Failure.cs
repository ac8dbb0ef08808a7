using System.Runtime.InteropServices;
using Understudy.Cli.Verbs;
using Understudy.Common;
using Understudy.Studies;
using Understudy.Training;

namespace Understudy.Cli;

/// <summary>The one place where an exception becomes a message of a line or two and an exit code.</summary>
internal static class Failure
{
    /// <summary>How the runtime begins where it quotes a path.</summary>
    private static readonly string[] Quoting =
        ["Could not find file ", "Could not find a part of the path ", "Access to the path "];

    public static int Tell(Exception e, TextWriter error, bool verbose, string[] args)
    {
        var (code, text) = Explain(e, args, RunsFolder.Chosen);
        text = Human.Visible(text);
        error.WriteLine(code == CommandLine.Interrupted ? text : $"understudy: {text}");
        if (verbose) error.WriteLine(e);
        return code;
    }

    /// <summary>
    /// 2 for what the caller can mend in the command or its files, 1 for what went wrong on the way, 130 for an interruption.
    /// </summary>
    /// <param name="runs">Where UNDERSTUDY_RUNS says that studies lie: an interrupted one is found again there only.</param>
    public static (int Code, string Text) Explain(Exception e, string[] args, string? runs = null) => e switch
    {
        StageException s => (s.Exit, s.Message),
        OperationCanceledException => (CommandLine.Interrupted,
            $"interrupted; {(Resumes(args) ? "resume" : "nothing of it is kept; start anew")} with: "
            + $"{RunsText(args, runs)}{CommandText(args)}"),
        OptionException or ArgumentException => (CommandLine.Mistake, WithoutParameterName(e)),
        InvalidDataException => (CommandLine.Mistake, e.Message),
        FileNotFoundException or DirectoryNotFoundException when PathIn(e) is { } path =>
            (CommandLine.Mistake, $"{path}: there is no such file or folder"),
        FileNotFoundException or DirectoryNotFoundException => (CommandLine.Mistake, e.Message),
        UnauthorizedAccessException when PathIn(e) is { } path && Directory.Exists(path) =>
            (CommandLine.Mistake, $"{path}: is a folder; name a file"),
        UnauthorizedAccessException =>
            (CommandLine.Mistake, $"{e.Message.TrimEnd('.')}; give yourself access to it, or name another path"),
        IOException or TrainingDivergedException => (CommandLine.Failed, e.Message),
        DllNotFoundException or BadImageFormatException =>
            (CommandLine.Failed, $"a native library does not load: {FirstLine(e.Message)}"),
        TypeInitializationException { InnerException: { } inner } => Explain(inner, args, runs),
        ExternalException => (CommandLine.Failed, $"libtorch: {FirstLine(e.Message)}"),
        PlatformNotSupportedException => (CommandLine.Failed, e.Message),
        OutOfMemoryException => (CommandLine.Failed, "out of memory; use a smaller batch or --jobs 1"),
        _ => (CommandLine.Failed, $"{e.GetType().Name}: {FirstLine(e.Message)} (run again with --verbose for all details)"),
    };

    /// <summary>The command as a shell takes it.</summary>
    public static string CommandText(string[] args) => string.Join(' ', args.Prepend("understudy").Select(Quoted));

    /// <summary>Whether the verb goes on where it stopped.</summary>
    private static bool Resumes(string[] args) => args.Where(a => !a.StartsWith('-')).ToList()
        is ["run", ..] or ["gan", "train" or "resume", ..] or ["classify", "train", ..];

    private static string RunsText(string[] args, string? runs) =>
        runs is null || args.FirstOrDefault(a => !a.StartsWith('-')) != "run" ? "" : $"{RunsFolder.Variable}={Quoted(runs)} ";

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "-_./=:,+@".Contains(c, StringComparison.Ordinal)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The path that the runtime quotes in its own words ("Could not find file '…'."); null for ours.</summary>
    private static string? PathIn(Exception e)
    {
        if (e is FileNotFoundException { FileName: { } file } && !e.Message.Contains(file, StringComparison.Ordinal))
            return RunVerb.Shown(file);
        return e.Message.Split('\'') is [var words, .. { Length: > 0 } path, _] && Quoting.Contains(words)
            ? RunVerb.Shown(string.Join('\'', path)) : null;
    }

    private static string WithoutParameterName(Exception e)
    {
        var at = e is ArgumentException { ParamName: not null }
            ? e.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal) : -1;
        return at < 0 ? e.Message : e.Message[..at];
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
