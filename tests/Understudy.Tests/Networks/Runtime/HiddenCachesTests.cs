using Understudy.Networks.Ops;

namespace Understudy.Tests.Networks.Ops;

public sealed class HiddenCachesTests
{
    /// <summary>
    /// EAX of CPUID 8000_001Dh: a Zen 5 behind a hypervisor that describes no caches, and one whose hypervisor does.
    /// </summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(0x4121, false)]
    public void AreHidden_IsNoFirstCache(int firstCache, bool hidden) =>
        Assert.Equal(hidden, HiddenCaches.AreHidden(firstCache));

    /// <summary>Whatever the machine: convolutions in 1×1 end the process where it is needed and was not done.</summary>
    [Fact]
    public void Mend_WithOurLibtorch_NeverHasToSwitchOneDnnOff() =>
        Assert.NotEqual(HiddenCaches.Outcome.SwitchedOff, HiddenCaches.Mend());
}
