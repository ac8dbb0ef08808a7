using Understudy.Networks;

namespace Understudy.Tests.Networks;

public sealed class PrecisionTests
{
    /// <summary>Whether avx512_bf16 alone is faster than float32 depends on the maker; amx_bf16 always is.</summary>
    [Theory]
    [InlineData(false, false, true, Precision.Float32, "has no instructions for it")]
    [InlineData(false, false, false, Precision.Float32, "has no instructions for it")]
    [InlineData(true, false, true, Precision.BFloat16, null)]
    [InlineData(true, false, false, Precision.Float32, "at half the rate")]
    [InlineData(true, true, false, Precision.BFloat16, null)]
    public void Auto_IsBFloat16_WhereItIsFaster(bool dotProducts, bool tiles, bool amd, Precision auto, string? warning)
    {
        var processor = new BFloat16Support(dotProducts, tiles, amd);
        Assert.Equal(auto, Precision.Auto.On(processor));
        Assert.Equal(Precision.BFloat16, Precision.BFloat16.On(processor));
        Assert.Null(Precision.Float32.WarningOn(processor));
        Assert.Null(Precision.Auto.On(processor).WarningOn(processor));
        if (warning is null) Assert.Null(Precision.BFloat16.WarningOn(processor));
        else Assert.Contains(warning, Precision.BFloat16.WarningOn(processor), StringComparison.Ordinal);
    }

    /// <summary>Read from the processor itself; Linux tells the same in words.</summary>
    [Fact]
    public void Here_IsWhatTheSystemSays()
    {
        if (!File.Exists("/proc/cpuinfo") || !System.Runtime.Intrinsics.X86.Avx512F.IsSupported) return;
        var text = File.ReadAllText("/proc/cpuinfo");
        bool Has(string word) => text.Contains(word, StringComparison.Ordinal);
        Assert.Equal(new BFloat16Support(Has(" avx512_bf16"), Has(" amx_bf16"), Has("AuthenticAMD")), BFloat16Support.Here);
    }
}
