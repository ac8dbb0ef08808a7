using Understudy.Networks.Ops;
using static TorchSharp.torch;

namespace Understudy.Tests.Networks.Ops;

[Collection("torch")]
public sealed class DenormalsTests
{
    [Fact]
    public void Flush_OnItsThread_MakesDenormalProductsZero()
    {
        var (flushed, product) = (false, float.NaN);
        var thread = new Thread(() =>                                                       // the setting is a thread's own
        {
            using var scope = NewDisposeScope();
            flushed = Denormals.Flush();
            product = (full(64, 1e-38f) * 1e-2f).max().item<float>();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(OperatingSystem.IsLinux(), flushed);
        if (flushed) Assert.Equal(0f, product);
    }
}
