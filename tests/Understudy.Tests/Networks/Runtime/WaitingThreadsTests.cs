using System.Runtime.InteropServices;
using Understudy.Networks.Ops;

namespace Understudy.Tests.Networks.Ops;

public sealed class WaitingThreadsTests : IDisposable
{
    private const string Spins = "GOMP_SPINCOUNT";

    private readonly string? _before = Environment.GetEnvironmentVariable(Spins);

    public void Dispose() => Environment.SetEnvironmentVariable(Spins, _before);

    /// <summary>What native code sees is what counts; .NET's own variables are a copy.</summary>
    [Fact]
    public void Choose_NothingSetByTheUser_SetsItForNativeCode()
    {
        Environment.SetEnvironmentVariable(Spins, null);
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null) return;

        Assert.Equal(OperatingSystem.IsLinux(), WaitingThreads.Choose());
        if (OperatingSystem.IsLinux()) Assert.Contains(Native(Spins), (string[])["2000", "30000"]);
    }

    [Fact]
    public void Choose_SetByTheUser_StaysAsItIs()
    {
        Environment.SetEnvironmentVariable(Spins, "7");

        Assert.False(WaitingThreads.Choose());
    }

    [Theory]
    [InlineData("0.31 0.12 0.04 1/84 1234\n", 1)]
    [InlineData("2.31 1.12 0.04 12/1084 99999\n", 12)]
    [InlineData("0.00 0.00 0.00 0/0 0\n", 0)]
    [InlineData("", int.MaxValue)]
    [InlineData("no such file here either", int.MaxValue)]
    public void Running_IsTheFourthNumber(string loadAverage, int running) =>
        Assert.Equal(running, WaitingThreads.Running(loadAverage));

    private static string? Native(string name) => Marshal.PtrToStringUTF8(Get(name));

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint Get(string name);
}
