using System.Diagnostics;
using Understudy.Cli;
using Understudy.Studies;

namespace Understudy.Tests.Cli;

public sealed class LossyWriterTests
{
    [Fact]
    public void Write_WhereNothingCanBe_IsLostAndGoesOn()
    {
        using var inner = new Full();
        using var writer = new LossyWriter(inner);
        using var terminal = new Terminal(writer, bar: true, () => 80, TimeProvider.System);

        terminal.Report("train", 1, 2, "step");
        terminal.Say("a word");
        writer.Write('c');
        writer.WriteLine((object)"thing");

        Assert.True(inner.Tries >= 4);
    }

    [Fact]
    public void WriteLine_WhereThereIsRoom_Arrives()
    {
        using var inner = new StringWriter { NewLine = "\n" };
        using (var writer = new LossyWriter(inner)) writer.WriteLine("a word");
        Assert.Equal("a word\n", inner.ToString());
    }

    /// <summary>The whole program, its standard error open for reading alone: the exit code is the command's own.</summary>
    [Fact]
    public void Program_StandardErrorThatCannotBeWritten_EndsAsItWould()
    {
        if (!OperatingSystem.IsLinux()) return;
        var command = StageCommand.For("Understudy.Cli.dll");
        var (program, assembly) = (command.Program, command.Arguments[0]);
        using var process = Process.Start("bash", ["-c", $"exec '{program}' '{assembly}' rnu 2<'{assembly}'"])!;
        process.WaitForExit();
        Assert.Equal(CommandLine.Mistake, process.ExitCode);
    }

    private sealed class Full : StringWriter
    {
        public int Tries { get; private set; }

        public override void Write(char value) => Fail();

        public override void Write(char[] buffer, int index, int count) => Fail();

        public override void Write(string? value) => Fail();

        public override void WriteLine(string? value) => Fail();

        public override void Flush() => Fail();

        private void Fail()
        {
            Tries++;
            throw new IOException("No space left on device");
        }
    }
}
