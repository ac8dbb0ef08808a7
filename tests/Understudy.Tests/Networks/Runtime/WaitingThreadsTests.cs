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
    public void SleepSoon_NothingSetByTheUser_SetsItForNativeCode()
    {
        Environment.SetEnvironmentVariable(Spins, null);
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null) return;

        Assert.Equal(OperatingSystem.IsLinux(), WaitingThreads.SleepSoon());
        if (OperatingSystem.IsLinux()) Assert.NotNull(Native(Spins));
    }

    [Fact]
    public void SleepSoon_SetByTheUser_StaysAsItIs()
    {
        Environment.SetEnvironmentVariable(Spins, "7");

        Assert.False(WaitingThreads.SleepSoon());
    }

    private static string? Native(string name) => Marshal.PtrToStringUTF8(Get(name));

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern nint Get(string name);
}
