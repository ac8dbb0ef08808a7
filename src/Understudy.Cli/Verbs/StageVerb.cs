using System.CommandLine;
using System.Text;
using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Cli.Verbs;

/// <summary>
/// One stage in a process of its own, started by <c>run</c>: the order comes as the first line of standard input, progress goes
/// out as lines of JSON, and when standard input ends (the parent is gone, or wants a stop) it stops with a checkpoint.
/// </summary>
internal static class StageVerb
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The stage's folder" };
        return new Command("stage", "One stage of a study, started by `run`.") { folder }.Hide()
            .Does(s => Run(s.Arguments.GetRequiredValue(folder), s));
    }

    private static int Run(string folder, Session session)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = false };
        var progress = new MessageProgress(output, session.Terminal);
        try
        {
            var order = StrictJson.Read<StageOrder>(input.ReadLine()
                ?? throw new OptionException(
                    "stage: is started by `understudy run`, which tells it what to do on standard input"), "standard input");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(session.Cancel);
            new Thread(() => { WaitForEnd(input); Cancel(stop); }) { IsBackground = true, Name = "parent watch" }.Start();
            var stages = Path.GetDirectoryName(Path.GetFullPath(folder))!;
            var work = new StageFolder(stages, order.Stage);
            if (work.Path != Path.GetFullPath(folder))
                throw new OptionException($"stage: {folder} is not the folder of {order.Stage.Id}");
            work.Work(StageKinds.Get(order.Stage.Kind), order.Threads, progress, stop.Token);
            return CommandLine.Done;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var (code, text) = Failure.Explain(e, []);
            progress.Fail(text, code);
            Console.Error.WriteLine(e);
            return code;
        }
    }

    private static void WaitForEnd(StreamReader input)
    {
        try { while (input.Read() >= 0) { } }
        catch (Exception e) when (e is IOException or ObjectDisposedException) { /* gone as well */ }
    }

    private static void Cancel(CancellationTokenSource stop)
    {
        try { stop.Cancel(); }
        catch (ObjectDisposedException) { /* the work was done first */ }
    }
}
