using System.CommandLine;

namespace Understudy.Cli;

/// <summary>What a verb's body gets: where to write, how to show progress, and when to stop.</summary>
/// <param name="Output">Results go here: tables, JSON.</param>
/// <param name="Terminal">Progress goes here, on standard error.</param>
internal sealed record Session(ParseResult Arguments, TextWriter Output, Terminal Terminal, CancellationToken Cancel);

internal static class SessionExtensions
{
    /// <summary>
    /// Gives a verb its body, run on the main thread (dispose scopes of tensors belong to a thread) under a terminal and an
    /// interrupt. Exceptions are for <see cref="Failure"/>, in one place.
    /// </summary>
    public static Command Does(this Command command, Func<Session, int> body)
    {
        command.SetAction(arguments =>
        {
            var to = arguments.InvocationConfiguration;
            using var interrupt = new Interrupt(to.Error);
            using var terminal = Terminal.For(to.Error);
            return body(new(arguments, to.Output, terminal, interrupt.Token));
        });
        return command;
    }

    /// <summary>Leaves a verb out of help and of what is suggested.</summary>
    public static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
