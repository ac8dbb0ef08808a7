using System.Runtime;
using System.Runtime.CompilerServices;
using Understudy.Common;

namespace Understudy.Tests.Common;

[Collection("torch")]
public sealed class CollectionPauseTests
{
    [Fact]
    public void Begin_WhileItLasts_NothingIsCollected()
    {
        using (CollectionPause.Begin())
        {
            Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
            var before = GC.CollectionCount(0);
            for (int i = 0; i < 320; i++) GC.KeepAlive(new byte[100_000]);
            using (CollectionPause.Begin()) GC.KeepAlive(new byte[100]);
            Assert.Equal(before, GC.CollectionCount(0));
            Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
        }
        Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
    }

    [Fact]
    public void Dispose_AnotherIsOpenOnAnotherThread_NothingIsCollectedYet()
    {
        using var begun = new Barrier(2);
        using var ended = new Barrier(2);
        var thread = new Thread(() =>
        {
            using (CollectionPause.Begin()) begun.SignalAndWait();
            ended.SignalAndWait();
        });
        thread.Start();
        using (CollectionPause.Begin())
        {
            begun.SignalAndWait();
            var before = GC.CollectionCount(0);
            ended.SignalAndWait();
            Assert.Equal(before, GC.CollectionCount(0));
            Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
        }
        Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
        thread.Join();
    }

    [Fact]
    public void Begin_BudgetUsedUp_EndsEarlyWithoutHarm()
    {
        var pause = CollectionPause.Begin();
        for (int i = 0; i < 4000; i++) GC.KeepAlive(new byte[100_000]);
        pause.Dispose();
        Assert.NotEqual(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
    }

    [Fact]
    public void Dispose_WhatWasLeftBehind_IsCollected()
    {
        WeakReference left;
        using (CollectionPause.Begin()) left = Leave();
        Assert.False(left.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Leave() => new(new byte[100]);
    }
}
